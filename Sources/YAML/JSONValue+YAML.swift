import Encoding

extension JSONValue {
    /// Converts by YAML's JSON schema: plain text that is a JSON literal or number becomes one,
    /// everything else is text (so that `no` and `0755` stay as written).
    package init(_ node: YAMLNode) {
        switch node.content {
        case .null: self = .null
        case .scalar(let text, isPlain: false): self = .string(text)
        case .scalar("true", isPlain: true): self = .bool(true)
        case .scalar("false", isPlain: true): self = .bool(false)
        case .scalar(let text, isPlain: true):
            if let number = try? JSONValue(parsing: text), case .number = number {
                self = number
            } else {
                self = .string(text)
            }
        case .sequence(let nodes): self = .array(nodes.map { JSONValue($0) })
        case .mapping(let entries):
            self = .object(entries.map { Member(name: $0.name, value: JSONValue($0.value)) })
        }
    }
}
