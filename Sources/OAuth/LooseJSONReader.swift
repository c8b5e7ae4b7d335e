import Encoding

/// Reads objects out of text that is nearly JSON, and skips unreadable parts: for an answer whose
/// tokens would be lost otherwise, and for nothing else.
///
/// Each byte is looked at once or twice, and nesting is bounded. Nothing is repaired: a text that
/// is not whole, or not UTF-8, is left out, and so is an object with two different tokens, of which
/// no one could say which is meant.
struct LooseJSONReader {
    /// The depth to which values are read; deeper ones are skipped.
    static let depthLimit = 32

    struct Object {
        let members: JSONValue
        /// True when its end is missing.
        let isCutOff: Bool
    }

    let bytes: [UInt8]
    var position = 0
    /// True when the text ended where more of it was due.
    var isCutOff = false
    private var depth = 0
    /// Names of which an object must not have two different values.
    private let decisive: Set<[UInt8]>

    init(_ bytes: [UInt8], decisive names: [String] = []) {
        self.bytes = bytes
        decisive = Set(names.map { Array($0.utf8) })
    }

    /// Reads the next object that is within no other, after any text: a script's guard, a warning
    /// of PHP's.
    mutating func nextObject() -> Object? {
        guard let start = bytes[position...].firstIndex(of: UInt8(ascii: "{")) else { return nil }
        position = start + 1
        isCutOff = false
        let members = object()
        return Object(members: members, isCutOff: isCutOff)
    }

    private mutating func object() -> JSONValue {
        var members = LooseMembers(decisive: decisive)
        while let byte = skipToSign() {
            switch byte {
            case UInt8(ascii: "}"):
                position += 1
                return members.object
            case UInt8(ascii: "]") where depth > 0: return members.object
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                // No name stands before it: at the top, the object that was meant may begin here.
                if depth == 0 { return members.object }
                _ = value()
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "]"): position += 1
            default:
                let name = isQuote(byte) ? quoted() : bareName()
                guard skipToSign() == UInt8(ascii: ":") else { continue }
                position += 1
                let value = value()
                if let name, let value { members.set(name, value) }
            }
        }
        isCutOff = true
        return members.object
    }

    private mutating func array() -> JSONValue {
        var elements: [JSONValue] = []
        while let byte = skipToSign() {
            switch byte {
            case UInt8(ascii: "]"):
                position += 1
                return .array(elements)
            case UInt8(ascii: "}"): return .array(elements)
            case UInt8(ascii: ","), UInt8(ascii: ":"): position += 1
            // One that can't be read keeps its place: paths count.
            default: elements.append(value() ?? .null)
            }
        }
        isCutOff = true
        return .array(elements)
    }

    /// - Returns: `nil` for an unreadable value, which is skipped.
    private mutating func value() -> JSONValue? {
        while skipToSign() == UInt8(ascii: ":") { position += 1 }
        guard let byte = skipToSign() else {
            isCutOff = true
            return nil
        }
        switch byte {
        case UInt8(ascii: "{"): return nested { $0.object() }
        case UInt8(ascii: "["): return nested { $0.array() }
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): return nil
        case _ where isQuote(byte): return quoted().map { .string($0) }
        default: return bareValue()
        }
    }

    private mutating func nested(_ read: (inout Self) -> JSONValue) -> JSONValue? {
        guard depth < Self.depthLimit else {
            skipNested()
            return nil
        }
        position += 1
        depth += 1
        defer { depth -= 1 }
        return read(&self)
    }

    /// Goes behind the closing bracket of the value that begins here, without a stack.
    private mutating func skipNested() {
        var open = 0
        while let byte = skipToSign() {
            if isQuote(byte) {
                _ = quoted()
                continue
            }
            position += 1
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { open += 1 }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { open -= 1 }
            if open == 0 { return }
        }
        isCutOff = true
    }
}
