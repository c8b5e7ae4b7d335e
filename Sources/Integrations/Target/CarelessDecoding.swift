import Encoding

/// Decoding in the way of servers that are not strict: on some server, each of these forms has led
/// out of a folder.
package enum CarelessDecoding {
    /// Returns the text, decoded once more, or unchanged when nothing is left to decode.
    static func decoded(_ text: [UInt8]) -> [UInt8] {
        let decoded = percentDecoded(text)
        return decoded == text ? inASCII(text) : decoded
    }

    /// Returns whether a character has more bytes than UTF-8 gives it (RFC 3629 §3), such as '.' as
    /// C0 AE: a decoder that only does the arithmetic gets the character. Some decoders accepted
    /// any second byte, or text that only looked like a percent-encoded one.
    static func hasOverlongForm(_ text: [UInt8]) -> Bool {
        text.indices.contains { index in
            let second = index + 1 < text.count ? text[index + 1] : 0
            switch text[index] {
            case 0xC0, 0xC1:
                let value = (text[index] & 1) << 6 | second & 0x3F
                return second & 0xC0 == 0x80 || #"./\"#.utf8.contains(value)
                    || second == UInt8(ascii: "%")
            case 0xE0: return (0x80...0x9F).contains(second)
            case 0xF0: return (0x80...0x8F).contains(second)
            case 0xF8: return (0x80...0x87).contains(second)
            case 0xFC: return (0x80...0x83).contains(second)
            default: return false
            }
        }
    }

    /// Decodes well-formed escapes, also `%u002e` as IIS does, and leaves the rest.
    private static func percentDecoded(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(UInt8(ascii: "%")) else { return text }
        var decoded: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                decoded.append(byte)
            } else if let value = number(rest, digits: 2) {
                decoded.append(UInt8(value))
                rest = rest.dropFirst(2)
            } else if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "u"),
                let value = number(rest.dropFirst(), digits: 4)
            {
                decoded += String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8
                rest = rest.dropFirst(5)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }

    private static func number(_ text: ArraySlice<UInt8>, digits count: Int) -> UInt32? {
        guard text.count >= count else { return nil }
        var value: UInt32 = 0
        for byte in text.prefix(count) {
            guard let digit = Hexadecimal.digit(byte) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// Replaces each character by the one in ASCII for which it is taken where a text must fit into
    /// an older character set, and drops invalid and invisible ones.
    private static func inASCII(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }) else { return text }
        return String(decoding: text, as: UTF8.self).unicodeScalars.flatMap { scalar in
            Array((lookalike(scalar) ?? String(scalar)).utf8)
        }
    }

    private static func lookalike(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0..<0x80: return nil
        case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0).map { String($0) }
        case 0x2024, 0x3002, 0xFE52, 0xFF61: return "."
        case 0x2025, 0xFE30: return ".."
        case 0x2026, 0xFE19: return "..."
        case 0xFE68: return "\\"
        // The last ones stand where ASCII has a backslash, or look like one. They become a slash,
        // because a backslash is refused, and in a name they are legitimate.
        case 0x2044, 0x2215, 0x29F8, 0xA5, 0x20A9, 0x2216, 0x29F5, 0x29F9, 0xFFE5, 0xFFE6:
            return "/"
        case 0xA0, 0x3000: return " "
        case 0xFFFD: return ""
        default: return scalar.properties.isDefaultIgnorableCodePoint ? "" : nil
        }
    }
}
