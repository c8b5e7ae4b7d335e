import Encoding
import HTTPTypes
import Headers

/// The statements of an answer's head about the end of its body, and about whether the connection
/// goes on (RFC 9112 §6 and §9).
///
/// Contradictory or unreadable statements are refused: a guess could take a part of one answer for
/// the next one.
struct ResponseFraming {
    private var minorVersion: Int
    private var length: Int64?
    private var isChunked = false
    private var isClosing = false
    private var isKeptAlive = false
    /// The time for which the server keeps the idle connection, where it says so.
    private(set) var keptFor: Duration?

    /// - Parameter minorVersion: The x of HTTP/1.x.
    init(minorVersion: Int) {
        self.minorVersion = minorVersion
    }

    /// Takes note of a header field.
    ///
    /// - Returns: Whether it is one of those that frame the answer.
    /// - Throws: ``HTTPClientError/malformedResponse(_:)``.
    mutating func note(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(HTTPClientError) -> Bool {
        switch name.count {
        case 14 where name.isToken("content-length"): try noteLength(value)
        case 17 where name.isToken("transfer-encoding"): try noteCoding(value)
        case 10 where name.isToken("connection"):
            isClosing = isClosing || value.listContains("close")
            isKeptAlive = isKeptAlive || value.listContains("keep-alive")
        case 10 where name.isToken("keep-alive"): keptFor = value.keepAliveTimeout
        default: return false
        }
        return true
    }

    /// Returns the body that follows (RFC 9112 §6.3).
    ///
    /// - Throws: ``HTTPClientError/malformedResponse(_:)``.
    func body(
        to method: HTTPRequest.Method, status: Int
    ) throws(HTTPClientError) -> ResponseBody {
        // RFC 9112 §6.1: with both, one of the two servers involved was fooled.
        guard !isChunked || length == nil else {
            throw .malformedResponse("Content-Length and Transfer-Encoding")
        }
        if method == .head || status == 204 || status == 304 { return .none }
        if isChunked { return .chunked(ChunkedBody()) }
        if let length { return length == 0 ? .none : .counted(left: length) }
        return .untilClose
    }

    /// Whether the connection can carry another request behind the answer's end.
    func allowsReuse(afterStatus status: Int) -> Bool {
        // A body that must not be there follows all the same (RFC 9110 §15.3.5).
        if status == 204, isChunked || (length ?? 0) > 0 { return false }
        if minorVersion == 0 { return isKeptAlive && !isChunked && !isClosing }
        return !isClosing
    }

    /// Notes a Content-Length (RFC 9110 §8.6): digits; a list of one repeated number counts as it.
    private mutating func noteLength(
        _ value: UnsafeRawBufferPointer
    ) throws(HTTPClientError) {
        if let number = value.decimal { return try noteLength(number) }
        for element in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let digits = UnsafeRawBufferPointer(rebasing: element).trimmingBlanks()
            guard let number = digits.decimal else {
                throw .malformedResponse("Content-Length is no length")
            }
            try noteLength(number)
        }
    }

    private mutating func noteLength(_ number: Int64) throws(HTTPClientError) {
        guard length == nil || length == number else { throw .malformedResponse("several lengths") }
        length = number
    }

    /// Notes a transfer coding (RFC 9112 §7): only chunked is allowed, as requests offer no other.
    private mutating func noteCoding(
        _ value: UnsafeRawBufferPointer
    ) throws(HTTPClientError) {
        if value.isToken("identity") { return }
        guard value.isToken("chunked"), !isChunked else {
            throw .malformedResponse("a transfer coding other than chunked")
        }
        isChunked = true
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are this token, in upper or lower case; `token` is in lower case.
    func isToken(_ token: StaticString) -> Bool {
        count == token.utf8CodeUnitCount && begins(token)
    }

    /// Whether the token begins with the bytes, in upper or lower case; `token` is in lower case.
    func begins(_ token: StaticString) -> Bool {
        guard count <= token.utf8CodeUnitCount else { return false }
        return token.withUTF8Buffer { token in
            for index in 0..<count {
                guard self[index].asciiLowercased == token[index] else { return false }
            }
            return true
        }
    }

    /// The number that the bytes say in decimal digits; `nil` for anything else, or when it is too
    /// large.
    fileprivate var decimal: Int64? {
        guard !isEmpty else { return nil }
        var number: Int64 = 0
        for byte in self {
            guard byte.isASCIIDigit else { return nil }
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isTooLargeToo) = tens.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
            guard !isTooLarge, !isTooLargeToo else { return nil }
            number = sum
        }
        return number
    }

    /// Whether the token is an element of this comma-separated list.
    fileprivate func listContains(_ token: StaticString) -> Bool {
        isToken(token)
            || split(separator: UInt8(ascii: ",")).contains { element in
                UnsafeRawBufferPointer(rebasing: element).trimmingBlanks().isToken(token)
            }
    }

    /// The seconds of `timeout=5, max=100`.
    fileprivate var keepAliveTimeout: Duration? {
        for parameter in split(separator: UInt8(ascii: ",")) {
            let parts = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = UnsafeRawBufferPointer(rebasing: parts[0]).trimmingBlanks()
            let value = UnsafeRawBufferPointer(rebasing: parts[1]).trimmingBlanks()
            if name.isToken("timeout") { return value.decimal.map { .seconds($0) } }
        }
        return nil
    }
}
