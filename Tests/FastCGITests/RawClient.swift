import Glibc

/// nginx's side of a FastCGI connection, spoken by hand, so that it can also be spoken wrongly.
final class RawClient {
    let descriptor: Int32
    private let server: AnyObject?

    struct ConnectionRefused: Error {}

    /// Connects; reads wait for at most 10 s.
    ///
    /// - Parameter server: Kept as long as the client.
    init(_ path: String, keeping server: AnyObject? = nil) throws {
        self.server = server
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw ConnectionRefused()
        }
        var time = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends the bytes; `false` when the server has closed the connection.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Sends a request and reads its answer.
    func exchange(_ request: RawRequest) -> RawAnswer {
        send(request.bytes)
        return readAnswer()
    }

    /// Reads records to the end of a request, or of the connection.
    func readAnswer() -> RawAnswer {
        var answer = RawAnswer()
        while let record = readRecord() {
            answer.records.append(record.type)
            switch record.type {
            case 3:
                answer.isComplete = true
                return answer
            case 6: answer.output += record.content
            default: break
            }
        }
        return answer
    }

    /// One record; `nil` at the connection's end.
    func readRecord() -> (type: UInt8, content: [UInt8])? {
        guard let header = read(8), let content = read(Int(header[4]) << 8 | Int(header[5])),
            read(Int(header[6])) != nil
        else { return nil }
        return (header[1], content)
    }

    /// Whether the server closes the connection, having said nothing more.
    var isClosedByServer: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, 0) == 0
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: count)
        while bytes.count < count {
            let read = recv(descriptor, &buffer, count - bytes.count, 0)
            if read <= 0 { return nil }
            bytes += buffer[..<read]
        }
        return bytes
    }
}

/// What came back for one request.
struct RawAnswer {
    /// The content of FCGI_STDOUT.
    var output: [UInt8] = []
    /// Whether FCGI_END_REQUEST came.
    var isComplete = false
    /// The types of all records, in order.
    var records: [UInt8] = []

    var text: String { String(decoding: output, as: UTF8.self) }
    /// The number in the `Status` line; 0 without one.
    var status: Int {
        guard text.hasPrefix("Status: ") else { return 0 }
        return Int(text.dropFirst(8).prefix(3)) ?? 0
    }
    /// The lines of the head.
    var head: [Substring] {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return [] }
        return text[..<end.lowerBound].split(separator: "\r\n")
    }
    var body: String {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return "" }
        return String(text[end.upperBound...])
    }
}
