import Encoding

/// Reads a form whose fields can't all be read: those that can't are left out.
enum LooseForm {
    /// - Parameter names: Of which no two values may differ (``LooseMembers``).
    /// - Returns: `nil` for a text that does not begin as a form does, with a name.
    static func members(_ bytes: [UInt8], decisive names: [String]) -> JSONValue? {
        let start = bytes.drop { $0 <= 0x20 }
        guard let first = start.first, first.isASCIILetter,
            start.contains(UInt8(ascii: "="))
        else { return nil }
        var members = LooseMembers(decisive: Set(names.map { Array($0.utf8) }))
        for pair in start.split(separator: UInt8(ascii: "&")) {
            guard let field = Form(encodedBytes: pair)?.fields.first else { continue }
            members.set(field.name, .string(field.value))
        }
        return members.object
    }
}
