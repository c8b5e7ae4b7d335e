/// The reason for which a text is not the expected JSON.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    package let description: String
    /// The place of the error, in bytes from the start.
    package let offset: Int
}

extension JSONValue {
    /// Reads a JSON text.
    ///
    /// Stricter than most readers where they disagree with each other: a name that occurs twice
    /// in an object, and anything after the value, is an error.
    ///
    /// - Parameter maximumDepth: The greatest depth of arrays and objects; a recursive reader on
    ///   a small stack needs a limit.
    package init(parsing bytes: [UInt8], maximumDepth: Int = 64) throws(JSONError) {
        var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
        self = try parser.document()
    }

    package init(parsing text: String, maximumDepth: Int = 64) throws(JSONError) {
        try self.init(parsing: [UInt8](text.utf8), maximumDepth: maximumDepth)
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let maximumDepth: Int
    var position = 0
    var depth = 0

    init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipWhitespace()
        guard position == bytes.count else { throw error("text after the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipWhitespace()
        guard let byte = peek() else { throw error("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"):
            return try nested { parser throws(JSONError) in
                try parser.object()
            }
        case UInt8(ascii: "["):
            return try nested { parser throws(JSONError) in
                try parser.array()
            }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        depth += 1
        guard depth <= maximumDepth else { throw error("nested deeper than \(maximumDepth)") }
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [JSONValue.Member] = []
        var names = MemberNames()
        if closes(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipWhitespace()
            guard peek() == UInt8(ascii: "\"") else { throw error("a name in quotes is missing") }
            let name = try string()
            guard names.insert(name) else {
                throw error("a name occurs twice")
            }
            skipWhitespace()
            guard take(UInt8(ascii: ":")) else { throw error("':' is missing after a name") }
            members.append(JSONValue.Member(name: name, value: try value()))
        } while try continues(until: UInt8(ascii: "}"))
        return .object(members)
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        if closes(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            elements.append(try value())
        } while try continues(until: UInt8(ascii: "]"))
        return .array(elements)
    }

    private mutating func closes(_ end: UInt8) -> Bool {
        skipWhitespace()
        return take(end)
    }

    private mutating func continues(until end: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        if take(UInt8(ascii: ",")) { return true }
        guard take(end) else { throw error("',' or a closing bracket is missing") }
        return false
    }

    private mutating func literal(
        _ text: StaticString, _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for offset in 0..<text.utf8CodeUnitCount {
            guard take(text.utf8Start[offset]) else { throw error("not a JSON value") }
        }
        return value
    }

    /// Reads a number (RFC 8259 §6): no leading zero, no bare point, no plus.
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = peek(), byte.isASCIIDigit {
            position += 1
        }
        guard position > start else { throw error("not a JSON value") }
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let plain = plainRun()
        // Nearly every text has no escape, and is taken as it stands.
        if take(UInt8(ascii: "\"")) { return try string(of: bytes[plain]) }
        var text = Array(bytes[plain])
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try string(of: text[...])
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw error("a control character inside a text")
            default: text.append(byte)
            }
        }
        throw error("a text has no end")
    }

    /// Passes over bytes that stand for themselves.
    private mutating func plainRun() -> Range<Int> {
        let start = position
        while position < bytes.count, bytes[position] >= 0x20,
            bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\")
        {
            position += 1
        }
        return start..<position
    }

    private func string(of text: ArraySlice<UInt8>) throws(JSONError) -> String {
        guard let string = String(validating: text, as: UTF8.self) else {
            throw error("a text is not UTF-8")
        }
        return string
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard let byte = peek() else { throw error("a text has no end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: try unicodeEscape())
        default: throw error("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> [UInt8] {
        var code = UInt32(try hexadecimal())
        if (0xD800...0xDBFF).contains(code) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                throw error("half a surrogate pair")
            }
            let low = UInt32(try hexadecimal())
            guard (0xDC00...0xDFFF).contains(low) else { throw error("half a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
        return [UInt8](UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for offset in 0..<4 {
            guard position + offset < bytes.count,
                let digit = Hexadecimal.digit(bytes[position + offset])
            else { throw error("four hexadecimal digits are missing") }
            value = value << 4 | UInt16(digit)
        }
        position += 4
        return value
    }

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhitespace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private func error(_ text: String) -> JSONError {
        JSONError(description: "\(text), at byte \(position)", offset: position)
    }
}
