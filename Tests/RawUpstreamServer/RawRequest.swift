/// A request as it was read, head and body.
struct RawRequest {
    let method: String
    let path: String
    let query: [String: String]
    /// The lines of the head, the request line first.
    let lines: [String]
    private let connection: RawConnection

    /// Reads a request's head; `nil` when the peer has closed.
    init?(from connection: RawConnection) {
        guard let head = connection.readHead() else { return nil }
        lines = head.split(separator: "\r\n").map(String.init)
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        method = String(words[0])
        let target = words[1].split(separator: "?", maxSplits: 1)
        path = String(target[0])
        let pairs = (target.count > 1 ? target[1] : "").split(separator: "&")
        query = Dictionary(
            pairs.map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
            }, uniquingKeysWith: { first, _ in first })
        self.connection = connection
    }

    func number(_ name: String, default value: Int) -> Int {
        query[name].flatMap { Int($0) } ?? value
    }

    /// The bytes that a value of the query stands for.
    func hexadecimal(_ name: String) -> [UInt8] {
        let digits = Array((query[name] ?? "").utf8).compactMap {
            Character(.init($0)).hexDigitValue
        }
        return stride(from: 0, to: digits.count - 1, by: 2).map { index in
            UInt8(digits[index] << 4 | digits[index + 1])
        }
    }

    /// Reads the body to its end, with a length or chunked.
    func readBody() -> [UInt8] {
        if let length = header("content-length").flatMap({ Int($0) }) {
            return connection.read(length)
        }
        guard header("transfer-encoding") == "chunked" else { return [] }
        var body: [UInt8] = []
        while let line = connection.readLine(), let size = Int(line, radix: 16) {
            body += connection.read(size)
            _ = connection.readLine()
            if size == 0 { break }
        }
        return body
    }

    func header(_ name: String) -> String? {
        lines.dropFirst().first { $0.lowercased().hasPrefix(name + ":") }
            .map { $0.dropFirst(name.count + 1).drop { $0 == " " }.lowercased() }
    }
}
