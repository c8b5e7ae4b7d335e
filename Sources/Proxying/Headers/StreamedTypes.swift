import Encoding

/// The types of answers that have to arrive piece by piece: events, and the types that an
/// integration names. nginx is told to buffer nothing of them.
package enum StreamedTypes {
    static let events = "text/event-stream"

    /// Whether an answer's `Content-Type` is one of them.
    ///
    /// - Parameter named: The integration's own, in small letters.
    static func contain(_ contentType: String?, beside named: [String]) -> Bool {
        guard let contentType else { return false }
        return begins(contentType, with: events)
            || named.contains { begins(contentType, with: $0) }
    }

    /// Whether the type is that one, whatever its parameters.
    private static func begins(_ contentType: String, with type: String) -> Bool {
        var rest = contentType.utf8[...]
        for byte in type.utf8 {
            guard let next = rest.popFirst(), next.asciiLowercased == byte else { return false }
        }
        guard let next = rest.first else { return true }
        return [UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: " "), 0x09].contains(next)
    }
}
