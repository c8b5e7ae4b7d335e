import Encoding
import HTTPTypes
import Headers

/// The head of an answer, and its statements about the body.
struct FramedHead {
    let response: ResponseHead
    let framing: ResponseFraming
}

/// Collects the lines of an answer's head one by one until the final head is complete; interim
/// ones (1xx) are dropped.
///
/// A field whose name is no token is dropped: it could not be passed on. Control bytes in a value
/// become spaces (RFC 9110 §5.5).
struct ResponseHeadParser {
    private static let version: StaticString = "http/1."
    /// More fields than any server sends.
    private static let mostFields = 2_000

    private let byteLimit: Int
    private var byteCount = 0
    private var status = 0
    private var framing = ResponseFraming(minorVersion: 1)
    private var fields = HeaderFields()
    /// The line before, to which a folded line belongs.
    private var lineBefore = LineBefore.dropped

    private enum LineBefore {
        /// The status line, or a field that was dropped.
        case dropped
        case kept
        /// A field that says where the body ends: half a line of that has been obeyed already.
        case framing
    }

    init(byteLimit: Int) {
        self.byteLimit = byteLimit
        fields.reserve(16)
    }

    /// Looks at the beginning of a line whose end has not come.
    ///
    /// - Throws: ``HTTPClientError/headerTooLarge`` and ``HTTPClientError/malformedResponse(_:)``
    ///   when no end can make it good.
    func expect(_ start: UnsafeRawBufferPointer) throws(HTTPClientError) {
        guard byteCount + start.count <= byteLimit else { throw .headerTooLarge }
        guard status == 0 else { return }
        let count = min(start.count, Self.version.utf8CodeUnitCount)
        guard UnsafeRawBufferPointer(rebasing: start[..<count]).begins(Self.version) else {
            throw .malformedResponse("no status line")
        }
    }

    /// Takes the next line, its line end included.
    ///
    /// - Returns: The head when this line ends it.
    /// - Throws: ``HTTPClientError/headerTooLarge`` and ``HTTPClientError/malformedResponse(_:)``.
    mutating func take(_ line: UnsafeRawBufferPointer) throws(HTTPClientError) -> FramedHead? {
        byteCount += line.count
        guard byteCount <= byteLimit, fields.count < Self.mostFields else { throw .headerTooLarge }
        let text = line.trimmingLineEnd()
        guard status != 0 else {
            try takeStatusLine(text)
            return nil
        }
        guard text.isEmpty else {
            try addField(text)
            return nil
        }
        defer { reset() }
        // RFC 9110 §15.2: interim heads may be ignored; an upgrade was not asked for.
        guard status != 101 else { throw .malformedResponse("101 without an upgrade") }
        if status < 200 { return nil }
        let response = ResponseHead(status: .init(code: status), headerFields: fields)
        return FramedHead(response: response, framing: framing)
    }

    private mutating func reset() {
        status = 0
        // Not emptied: a head that was returned has the buffer now.
        fields = HeaderFields()
        lineBefore = .dropped
    }

    /// Takes `HTTP/1.1 200 OK`, where the reason may be missing with its space (RFC 9112 §4).
    private mutating func takeStatusLine(
        _ line: UnsafeRawBufferPointer
    ) throws(HTTPClientError) {
        guard line.count >= 12, UnsafeRawBufferPointer(rebasing: line[..<7]).begins(Self.version),
            line[7].isASCIIDigit, line[8] == 0x20
        else { throw .malformedResponse("no status line") }
        guard line.count == 12 || line[12] == 0x20,
            line[9..<12].allSatisfy(\.isASCIIDigit)
        else { throw .malformedResponse("status code is not three digits") }
        let code = line[9..<12].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard code >= 100 else { throw .malformedResponse("status code below 100") }
        status = code
        framing = ResponseFraming(minorVersion: Int(line[7] - UInt8(ascii: "0")))
    }

    private mutating func addField(_ line: UnsafeRawBufferPointer) throws(HTTPClientError) {
        guard !line.contains(0) else { throw .malformedResponse("NUL in the head") }
        // RFC 9112 §5.2: a folded line is a continuation of the value before, joined by a space.
        if line[0].isASCIIBlank { return try fold(line.trimmingBlanks()) }
        guard let colon = line.firstIndex(of: 0x3A) else {
            throw .malformedResponse("a field without a colon")
        }
        lineBefore = .dropped
        // RFC 9112 §5.1: blanks before the colon are removed from an answer.
        let nameBytes = UnsafeRawBufferPointer(rebasing: line[..<colon]).trimmingBlanks()
        let value = UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]).trimmingBlanks()
        let frames = try framing.note(nameBytes, value)
        guard fields.append(name: nameBytes, value: value, cleaning: .strict) else { return }
        lineBefore = frames ? .framing : .kept
    }

    private mutating func fold(_ more: UnsafeRawBufferPointer) throws(HTTPClientError) {
        switch lineBefore {
        case .dropped: return
        case .framing: throw .malformedResponse("a folded field that frames the answer")
        case .kept:
            fields.extendLast(more)
        }
    }
}

extension UnsafeRawBufferPointer {
    func trimmingLineEnd() -> UnsafeRawBufferPointer {
        var end = endIndex
        if end > 0, self[end - 1] == 0x0A { end -= 1 }
        if end > 0, self[end - 1] == 0x0D { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[..<end])
    }
}
