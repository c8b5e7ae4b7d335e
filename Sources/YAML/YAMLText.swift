import Encoding
import Yams

extension JSONValue {
    /// As YAML, short objects and arrays on a line; without the last line's end.
    package var yaml: String {
        let text = (try? Yams.serialize(node: node, width: 100, allowUnicode: true)) ?? ""
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private var node: Node {
        switch self {
        case .null: Node("null", Tag(.null))
        case .bool(let flag): Node(flag ? "true" : "false", Tag(.bool))
        case .number(let text): Node(text, Tag(.float))
        case .string(let text): Node(text, Tag(.str), Self.style(of: text))
        case .array(let elements): Node(elements.map(\.node), Tag(.seq), isFlat ? .flow : .block)
        case .object(let members):
            Node(
                members.map { (Node($0.name, Tag(.str), Self.style(of: $0.name)), $0.value.node) },
                Tag(.map), isFlat ? .flow : .block)
        }
    }

    /// Returns a quoted style where plain text would be read as something else.
    private static func style(of text: String) -> Node.Scalar.Style {
        let isText = (try? YAMLNode(parsing: text)).map { JSONValue($0) } == .string(text)
        return isText ? .plain : .doubleQuoted
    }

    /// Whether it fits on a line.
    private var isFlat: Bool {
        switch self {
        case .object(let members): encoded().count <= 80 && members.allSatisfy(\.value.isScalar)
        case .array(let elements): encoded().count <= 80 && elements.allSatisfy(\.isScalar)
        default: true
        }
    }

    private var isScalar: Bool { members == nil && elements == nil }
}
