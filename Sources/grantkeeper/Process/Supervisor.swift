import Glibc

/// The process that started the service and follows its state: sd_notify(3), without the library.
package struct Supervisor {
    /// `NOTIFY_SOCKET`: a path, or `@` and an abstract name.
    private let address: String?

    package init(environment: [String: String]) {
        address = environment["NOTIFY_SOCKET"]
    }

    package func tellReady() { tell("READY=1") }
    package func tellStopping() { tell("STOPPING=1") }

    /// Sends a state; errors are ignored, because the supervisor may not listen.
    private func tell(_ state: String) {
        guard let address, address.hasPrefix("/") || address.hasPrefix("@"),
            let (target, size) = socketAddress(address)
        else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(state.utf8)
        _ = withUnsafePointer(to: target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, size)
            }
        }
    }

    private func socketAddress(_ name: String) -> (sockaddr_un, socklen_t)? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An abstract name begins with a zero byte, and ends where the length says.
        let bytes = name.utf8.map { $0 == UInt8(ascii: "@") ? 0 : $0 }
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let offset = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
        let end = name.hasPrefix("@") ? 0 : 1
        return (address, socklen_t(offset + bytes.count + end))
    }
}
