/// One link of a `Link` field (RFC 8288 §3).
struct Link {
    var target: String
    var parameters: [(name: String, value: String?)]

    /// The types of the relation, in small letters.
    var relations: [String] {
        parameters.filter { $0.name == "rel" }.flatMap { parameter in
            (parameter.value ?? "").split(separator: " ").map { $0.lowercased() }
        }
    }

    var text: String {
        parameters.reduce("<\(target)>") { text, parameter in
            guard let value = parameter.value else { return "\(text); \(parameter.name)" }
            // RFC 8187 §3.2.1: an extended value is never quoted.
            if parameter.name.hasSuffix("*") { return "\(text); \(parameter.name)=\(value)" }
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "\(text); \(parameter.name)=\"\(escaped)\""
        }
    }
}

/// Reads the links of a field one by one, as RFC 8288 appendix B.2 has it; what is malformed ends
/// the reading.
struct LinkReader: Sequence, IteratorProtocol {
    private var rest: Substring

    init(_ field: String) {
        rest = field[...]
    }

    mutating func next() -> Link? {
        rest = rest.drop { $0 == "," || Self.isSpace($0) }
        guard take("<") else { return nil }
        let target = takeText { $0 != ">" }
        guard take(">"), !target.contains("<") else { return nil }
        var link = Link(target: target, parameters: [])
        skipSpace()
        while take(";") {
            guard let parameter = takeParameter() else { return nil }
            if !parameter.name.isEmpty { link.parameters.append(parameter) }
            skipSpace()
        }
        guard rest.isEmpty || rest.first == "," else { return nil }
        return link
    }

    private mutating func takeParameter() -> (name: String, value: String?)? {
        skipSpace()
        let name = takeText { !Self.isSpace($0) && !"=;,".contains($0) }.lowercased()
        skipSpace()
        guard take("=") else { return (name, nil) }
        skipSpace()
        guard take("\"") else {
            return (name, takeText { !Self.isSpace($0) && !";,".contains($0) })
        }
        return takeQuoted().map { (name, $0) }
    }

    /// What is left of a quoted string; `nil` when it has no end.
    private mutating func takeQuoted() -> String? {
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\": if let escaped = rest.popFirst() { value.append(escaped) }
            default: value.append(character)
            }
        }
        return nil
    }

    private mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func takeText(while belongs: (Character) -> Bool) -> String {
        let text = rest.prefix(while: belongs)
        rest = rest[text.endIndex...]
        return String(text)
    }

    private mutating func skipSpace() {
        rest = rest.drop(while: Self.isSpace)
    }

    private static func isSpace(_ character: Character) -> Bool {
        character == " " || character == "\t"
    }
}
