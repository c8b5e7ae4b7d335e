import FoundationEssentials

/// Base64 as OAuth needs it.
enum Base64 {
    /// Encodes with the alphabet and the padding of RFC 4648 §4.
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
    }

    /// Encodes with the URL-safe alphabet and no padding (RFC 4648 §5, RFC 7636 appendix A).
    static func encodeForURL(_ bytes: some Sequence<UInt8>) -> String {
        let text = encode(bytes).utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
