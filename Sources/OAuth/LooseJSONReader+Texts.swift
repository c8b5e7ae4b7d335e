import Encoding

/// Reading texts, words, and the signs between them.
extension LooseJSONReader {
    func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// Skips white space and comments.
    ///
    /// - Returns: The byte behind them; `nil` at the end.
    mutating func skipToSign() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            if Self.isBlank(byte) {
                position += 1
            } else if byte == UInt8(ascii: "#") || isAt("//") {
                position = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            } else if isAt("/*") {
                skipComment()
            } else {
                return byte
            }
        }
        return nil
    }

    private mutating func skipComment() {
        position += 2
        while position < bytes.count {
            if isAt("*/") {
                position += 2
                return
            }
            position += 1
        }
        isCutOff = true
    }

    /// Reads a text in quotes.
    ///
    /// - Returns: `nil` for one that is incomplete, not UTF-8, or not valid JSON: with a quote that
    ///   ends nothing, or an unknown escape.
    mutating func quoted() -> String? {
        let quote = bytes[position]
        position += 1
        var text: [UInt8] = []
        var isSound = true
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == quote {
                if endsText { return isSound ? String(validating: text, as: UTF8.self) : nil }
                isSound = false
            } else if byte == UInt8(ascii: "\\") {
                isSound = escape(into: &text) && isSound
            } else {
                text.append(byte)
            }
        }
        isCutOff = true
        return nil
    }

    /// Whether the quote before the position ends a text, judged by the signs behind it: some
    /// servers forget to escape one.
    private var endsText: Bool {
        let rest = bytes[position...]
        guard let next = rest.firstIndex(where: { !Self.isBlank($0) }) else { return true }
        if ",:}])#/".utf8.contains(bytes[next]) { return true }
        // A comma that is missing.
        return next > position && isQuote(bytes[next])
    }

    /// - Returns: Whether it is one of JSON's escapes.
    private mutating func escape(into text: inout [UInt8]) -> Bool {
        guard position < bytes.count else { return false }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"):
            text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard let scalar = unicodeEscape(), let encoded = UTF8.encode(scalar) else {
                return false
            }
            text.append(contentsOf: encoded)
        default: return false
        }
        return true
    }

    /// - Returns: `nil` for half a surrogate pair.
    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard let first = hexadecimal() else { return nil }
        guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) }
        guard isAt("\\u") else { return nil }
        position += 2
        guard let second = hexadecimal(), (0xDC00...0xDFFF).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func hexadecimal() -> UInt32? {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4,
            digits.allSatisfy(\.isASCIIHexDigit)
        else { return nil }
        position += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// Reads a name without quotes.
    mutating func bareName() -> String? {
        String(validating: word(endedBy: ",:{}[]\""), as: UTF8.self)
    }

    /// Reads a literal or a number; `nil` for any other word, such as NaN.
    mutating func bareValue() -> JSONValue? {
        let word = Array(word(endedBy: ",{}[]\""))
        if let value = try? JSONValue(parsing: word) { return value }
        // Digits that JSON would have otherwise: a lifetime may be read from them.
        let isNumeric = !word.isEmpty && word.allSatisfy("0123456789.eE+-".utf8.contains)
        return isNumeric ? .string(String(decoding: word, as: UTF8.self)) : nil
    }

    /// Reads the bytes up to a blank or one of those signs, one at least.
    private mutating func word(endedBy signs: StaticString) -> ArraySlice<UInt8> {
        let start = position
        position += 1
        signs.withUTF8Buffer { signs in
            while position < bytes.count, !signs.contains(bytes[position]),
                !Self.isBlank(bytes[position])
            {
                position += 1
            }
        }
        return bytes[start..<position]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

    private func isAt(_ text: StaticString) -> Bool {
        guard position + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { text in
            text.indices.allSatisfy { bytes[position + $0] == text[$0] }
        }
    }
}
