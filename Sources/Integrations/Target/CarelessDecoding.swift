import Encoding

/// Decoding as servers do it that are not strict about it: each of these has led out of a folder
/// somewhere.
package enum CarelessDecoding {
    /// The text, decoded once more; itself when nothing is left to decode.
    static func decoded(_ text: [UInt8]) -> [UInt8] {
        let decoded = percentDecoded(text)
        return decoded == text ? inASCII(text) : decoded
    }

    /// Whether there is a character in more bytes than UTF-8 has it in (RFC 3629 §3), such as '.'
    /// as C0 AE: a decoder that only does the arithmetic gets the character. Some did it with any second
    /// byte, or with what only looked like one percent-encoded.
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

    /// Decodes what is well-formed, `%u002e` as IIS does too, and leaves the rest.
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

    /// Each character as the one in ASCII that it is taken for where a text has to fit into an
    /// older character set; what is invalid or invisible, left out.
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
        // The last ones stand where a backslash is in ASCII, or look like it; in a name they are
        // meant.
        case 0x2044, 0x2215, 0x29F8, 0xA5, 0x20A9, 0x2216, 0x29F5, 0x29F9, 0xFFE5, 0xFFE6:
            return "/"
        case 0xA0, 0x3000: return " "
        case 0xFFFD: return ""
        default: return scalar.properties.isDefaultIgnorableCodePoint ? "" : nil
        }
    }
}
