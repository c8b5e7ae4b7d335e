import Encoding

/// An absolute `http` or `https` URL, parsed strictly: a text that another parser might read
/// differently (users, backslashes, control characters, letters outside ASCII) is not one.
package struct AbsoluteURL: Hashable, Sendable, CustomStringConvertible {
    package let origin: Origin
    /// Path and query as written, which a request's first line repeats (RFC 9112 §3.2.1); empty, or
    /// beginning with `/` or `?`.
    package let target: String

    /// Whether all of it is ASCII: a query need not be.
    package let isASCII: Bool

    package init?(_ text: String) {
        var text = text
        var length = 0
        let parts = text.withUTF8 { bytes -> (origin: Origin, isASCII: Bool)? in
            guard let origin = Origin(bytes, length: &length),
                let isASCII = Self.isASCII(target: bytes[length...])
            else { return nil }
            return (origin, isASCII)
        }
        guard let parts else { return nil }
        origin = parts.origin
        isASCII = parts.isASCII
        target = String(Substring(text.utf8.dropFirst(length)))
    }

    /// Creates the URL from an origin that is known already and the text that follows it.
    ///
    /// - Returns: `nil` for a target that no URL has.
    package init?(origin: Origin, target: String) {
        var target = target
        guard let isASCII = target.withUTF8({ Self.isASCII(target: $0[...]) }) else { return nil }
        self.origin = origin
        self.target = target
        self.isASCII = isASCII
    }

    init(origin: Origin, target: String, isASCII: Bool) {
        self.origin = origin
        self.target = target
        self.isASCII = isASCII
    }

    /// - Returns: `nil` for a text that is no target.
    private static func isASCII(target: Slice<UnsafeBufferPointer<UInt8>>) -> Bool? {
        guard let first = target.first else { return true }
        guard first == UInt8(ascii: "/") || first == UInt8(ascii: "?") else { return nil }
        var isInQuery = false
        var isASCII = true
        for byte in target {
            if isInQuery {
                guard isOfQuery(byte) else { return nil }
                isASCII = isASCII && byte < 0x80
            } else if byte == UInt8(ascii: "?") {
                isInQuery = true
            } else {
                guard isOfPath(byte) else { return nil }
            }
        }
        return isASCII
    }

    /// As written; empty, or beginning with `/`.
    package var path: String {
        String(Substring(target.utf8.prefix { $0 != UInt8(ascii: "?") }))
    }

    /// The text after the `?`, as written.
    package var query: String? {
        target.utf8.firstIndex(of: UInt8(ascii: "?"))
            .map { String(target[target.utf8.index(after: $0)...]) }
    }

    /// The origin in its one form, path and query as written.
    package var description: String { origin.description + target }

    /// Whether the text is printable ASCII, without characters that URL parsers read differently.
    package static func isPath(_ text: Substring.UTF8View) -> Bool { text.allSatisfy(isOfPath) }

    private static func isOfPath(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "?"), UInt8(ascii: "\\"):
            false
        default: byte.isASCIIVisible
        }
    }

    /// Whether the byte neither ends the request's line nor begins a fragment: a query passes
    /// unchanged.
    private static func isOfQuery(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "#")
    }
}
