import Glibc
import Primitives

/// The moment that a message is written.
enum LogTime {
    /// RFC 3339 in UTC with milliseconds: `2024-02-10T14:30:00.123Z`.
    static var now: String {
        var moment = timespec()
        clock_gettime(CLOCK_REALTIME, &moment)
        let seconds = Timestamp(seconds: Int64(moment.tv_sec)).rfc3339.dropLast()
        let milliseconds = String(moment.tv_nsec / 1_000_000)
        return "\(seconds).\(String(repeating: "0", count: 3 - milliseconds.count))\(milliseconds)Z"
    }
}
