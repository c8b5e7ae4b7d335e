import HTTPTypes

/// Collects the lines of an answer's head, as libcurl hands them over one by one, until the final
/// head is complete; interim ones (1xx) are dropped.
///
/// A field whose name is no token, or that has no colon, is dropped: it could not be passed on.
/// Control bytes in a value become spaces (RFC 9110 §5.5).
struct ResponseHeadParser {
    /// More fields than any server sends; `HTTPFields` traps at 65,535.
    private static let mostFields = 2_000

    private let byteLimit: Int
    private var byteCount = 0
    private var status = 0
    /// An array, since `HTTPFields` takes many at once better than one by one.
    private var fields: [HTTPField] = []
    /// Whether the line before was a field that was kept, to which a folded line belongs.
    private var canFold = false

    init(byteLimit: Int) {
        self.byteLimit = byteLimit
        fields.reserveCapacity(16)
    }

    /// Takes the next line, its line end included.
    ///
    /// - Returns: The head when this line ends it.
    /// - Throws: ``HTTPClientError/headerTooLarge`` and ``HTTPClientError/malformedResponse(_:)``.
    mutating func take(_ line: UnsafeRawBufferPointer) throws(HTTPClientError) -> HTTPResponse? {
        byteCount += line.count
        guard byteCount <= byteLimit, fields.count < Self.mostFields else { throw .headerTooLarge }
        let text = line.trimmingLineEnd()
        guard status != 0 else {
            status = try Self.statusCode(of: text)
            return nil
        }
        guard text.isEmpty else {
            addField(text)
            return nil
        }
        defer { reset() }
        // RFC 9110 §15.2: interim heads may be ignored; an upgrade was not asked for.
        guard status != 101 else { throw .malformedResponse("101 without an upgrade") }
        if status < 200 { return nil }
        let headers = collected
        // RFC 9110 §8.6: of several lengths, nobody knows which is meant.
        if let lengths = headers[.contentLength], lengths.utf8.contains(UInt8(ascii: ",")) {
            let all = lengths.split(separator: ",").map { $0.filter { $0 != " " } }
            guard Set(all).count == 1 else { throw .malformedResponse("several lengths") }
        }
        return HTTPResponse(status: .init(code: status), headerFields: headers)
    }

    private var collected: HTTPFields {
        var collected = HTTPFields()
        collected.replaceSubrange(0..<0, with: fields)
        return collected
    }

    private mutating func reset() {
        status = 0
        fields.removeAll(keepingCapacity: true)
        canFold = false
    }

    /// RFC 9112 §4: `HTTP/1.1 200 OK`; with HTTP/2 libcurl makes up such a line.
    private static func statusCode(
        of line: UnsafeRawBufferPointer
    ) throws(HTTPClientError) -> Int {
        guard let space = line.firstIndex(of: 0x20) else {
            throw .malformedResponse("no status code")
        }
        let digits = line[(space + 1)...].prefix(while: { $0 != 0x20 })
        guard digits.count == 3, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            throw .malformedResponse("status code is not three digits")
        }
        let code = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard code >= 100 else { throw .malformedResponse("status code below 100") }
        return code
    }

    private mutating func addField(_ line: UnsafeRawBufferPointer) {
        // RFC 9112 §5.2: a folded line is a continuation of the value before, joined by a space.
        if line[0] == 0x20 || line[0] == 0x09 {
            if canFold { foldIntoLast(line.trimmingBlanks()) }
            return
        }
        canFold = false
        guard let colon = line.firstIndex(of: 0x3A), colon > 0 else { return }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        guard let name = HTTPField.Name(name) else { return }
        let value = UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]).trimmingBlanks()
        fields.append(HTTPField(name: name, value: value))
        canFold = true
    }

    private mutating func foldIntoLast(_ more: UnsafeRawBufferPointer) {
        let last = fields.count - 1
        let value = fields[last].withUnsafeBytesOfValue { [UInt8]($0) } + [0x20] + more
        fields[last] = HTTPField(name: fields[last].name, value: value)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func trimmingLineEnd() -> UnsafeRawBufferPointer {
        var end = endIndex
        if end > 0, self[end - 1] == 0x0A { end -= 1 }
        if end > 0, self[end - 1] == 0x0D { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[..<end])
    }

    fileprivate func trimmingBlanks() -> UnsafeRawBufferPointer {
        var start = startIndex
        var end = endIndex
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while start < end, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }
}
