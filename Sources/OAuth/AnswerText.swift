/// An answer's bytes as text in UTF-8, or nearly: the text beside the tokens may be anything.
struct AnswerText {
    /// A byte that is invalid in UTF-8, in place of an unreadable character.
    let bytes: [UInt8]

    /// Takes a byte order mark away, and turns UTF-16 and UTF-32 into UTF-8.
    init(_ bytes: [UInt8]) {
        guard let encoding = Self.encoding(of: bytes) else {
            self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            return
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var high: UInt32?
        for start in stride(from: 0, through: bytes.count - encoding.width, by: encoding.width) {
            let unit = bytes[start..<start + encoding.width]
            let ordered = encoding.isLittleEndian ? Array(unit.reversed()) : Array(unit)
            let code = ordered.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            Self.append(code, after: &high, to: &text)
        }
        self.bytes = text
    }

    /// Returns the encoding when it is UTF-16 or UTF-32: recognized by its mark (RFC 3629 §6), or
    /// by the zeros around the first character, which is ASCII.
    private static func encoding(of bytes: [UInt8]) -> (width: Int, isLittleEndian: Bool)? {
        guard bytes.count >= 4 else { return nil }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0xFF, 0xFE, 0, 0): return (4, true)
        case (0, 0, 0xFE, 0xFF): return (4, false)
        case (0xFF, 0xFE, _, _): return (2, true)
        case (0xFE, 0xFF, _, _): return (2, false)
        case (1..., 0, 0, 0): return (4, true)
        case (0, 0, 0, 1...): return (4, false)
        case (1..., 0, _, _): return (2, true)
        case (0, 1..., _, _): return (2, false)
        default: return nil
        }
    }

    /// Appends a unit of UTF-16, of which two may make a sign, or of UTF-32.
    private static func append(_ code: UInt32, after high: inout UInt32?, to text: inout [UInt8]) {
        var code = code
        if let first = high {
            high = nil
            if (0xDC00...0xDFFF).contains(code) {
                code = 0x10000 + (first - 0xD800) << 10 + (code - 0xDC00)
            } else {
                text.append(0xFF)
            }
        }
        if (0xD800...0xDBFF).contains(code) {
            high = code
        } else if code == 0xFEFF {
            // The mark itself.
        } else if let scalar = Unicode.Scalar(code), let encoded = UTF8.encode(scalar) {
            text.append(contentsOf: encoded)
        } else {
            text.append(0xFF)
        }
    }
}
