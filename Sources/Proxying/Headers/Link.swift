import Encoding

/// One link of a `Link` field (RFC 8288 §3).
package struct Link {
    var target: String
    var parameters: [(name: String, value: String?)]

    /// The types of the relation, in small letters.
    var relations: [String] {
        parameters.filter { $0.name == "rel" }.flatMap { parameter in
            (parameter.value ?? "").unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
                .map { String($0).lowercased() }
        }
    }

    /// Returns the link written again, so that every reader takes it for what was read here; a
    /// parameter that cannot be written so is left out.
    var text: String {
        parameters.reduce("<\(target)>") { text, parameter in
            guard Self.isToken(parameter.name) else { return text }
            guard let value = parameter.value else { return "\(text); \(parameter.name)" }
            guard parameter.name.hasSuffix("*") else {
                return "\(text); \(parameter.name)=\"\(Self.escaped(value))\""
            }
            // RFC 8187 §3.2.1: an extended value is never quoted.
            return Self.isToken(value) ? "\(text); \(parameter.name)=\(value)" : text
        }
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(\.isTokenCharacter)
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            if scalar == "\\" || scalar == "\"" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}

/// Reads the links of a field one by one, as RFC 8288 appendix B.2 specifies; a malformed part ends
/// the reading. Scalar by scalar: for Swift, a quote and a combining accent behind it are one
/// character, and for a browser they are not.
package struct LinkReader: Sequence, IteratorProtocol {
    private var rest: Substring.UnicodeScalarView

    init(_ field: String) {
        rest = field[...].unicodeScalars
    }

    package mutating func next() -> Link? {
        rest = rest.drop { $0 == "," || Self.isSpace($0) }
        guard take("<") else { return nil }
        let target = takeText { $0 != ">" }
        guard take(">"), !target.unicodeScalars.contains("<") else { return nil }
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
        let name = takeText { !Self.isSpace($0) && !"=;,".unicodeScalars.contains($0) }.lowercased()
        skipSpace()
        guard take("=") else { return (name, nil) }
        skipSpace()
        guard take("\"") else {
            return (name, takeText { !Self.isSpace($0) && !";,".unicodeScalars.contains($0) })
        }
        return takeQuoted().map { (name, $0) }
    }

    /// Returns the rest of a quoted string; `nil` when it has no end.
    private mutating func takeQuoted() -> String? {
        var value = ""
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return value
            case "\\": if let escaped = rest.popFirst() { value.unicodeScalars.append(escaped) }
            default: value.unicodeScalars.append(scalar)
            }
        }
        return nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func takeText(while belongs: (Unicode.Scalar) -> Bool) -> String {
        let text = rest.prefix(while: belongs)
        rest = rest[text.endIndex...]
        return String(text)
    }

    private mutating func skipSpace() {
        rest = rest.drop(while: Self.isSpace)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t"
    }
}
