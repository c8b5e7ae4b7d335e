import CSystem
import Glibc

/// Keeps the process's memory, which holds tokens and keys, to itself.
enum ProcessMemory {
    /// Prevents core dumps, and reading by other processes of the same user (SECURITY 26).
    ///
    /// - Throws: ``CommandFailure`` when the system refuses.
    static func protect() throws {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0,
            system_make_undumpable() == 0
        else {
            throw CommandFailure(
                "Core dumps can't be disabled: \(String(cString: strerror(errno))).")
        }
    }
}
