import Encoding
import Templates

/// A way into a JSON value, such as `team.id`, `[0].id` or `accounts[is_default=true][0].base_uri`.
///
/// Dots lead into objects; `[0]` is the first element of an array; `[name=value]` keeps the
/// elements of an array whose member has that value. A value may hold `{placeholders}`; while one
/// of them has no value, all elements are kept.
package struct MemberPath: Equatable, Sendable {
    package let text: String
    private let steps: [Step]

    private enum Step: Equatable {
        case member(String)
        case index(Int)
        case filter(member: String, value: String)
    }

    /// - Returns: `nil` when the text is no such way.
    package init?(_ text: String) {
        var steps: [Step] = []
        var rest = text[...]
        while !rest.isEmpty {
            if rest.first == "[" {
                guard let end = rest.firstIndex(of: "]"),
                    let step = Self.selection(rest[rest.index(after: rest.startIndex)..<end])
                else { return nil }
                steps.append(step)
                rest = rest[rest.index(after: end)...]
            } else {
                if !steps.isEmpty, rest.removeFirst() != "." { return nil }
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(.member(String(name)))
                rest = rest[name.endIndex...]
            }
        }
        guard !steps.isEmpty else { return nil }
        self.text = text
        self.steps = steps
    }

    /// Creates the path to the member of that name, which may have any characters.
    package init(member name: String) {
        text = name
        steps = [.member(name)]
    }

    /// The placeholders' names.
    package var names: [String] {
        steps.flatMap { step in
            if case .filter(_, let value) = step { Template(value).names } else { [String]() }
        }
    }

    /// The last member's name: the kind of value that the path leads to.
    package var lastMember: String? {
        steps.reduce(nil) { last, step in
            if case .member(let name) = step { name } else { last }
        }
    }

    private static func selection(_ text: Substring) -> Step? {
        if let index = Int(text), index >= 0 { return .index(index) }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        return .filter(member: String(parts[0]), value: String(parts[1]))
    }

    /// Returns the value to which the path leads.
    ///
    /// - Parameter known: Returns the value of a placeholder.
    package func value(
        in root: JSONValue, _ known: (String) -> String? = { _ in nil }
    ) -> JSONValue? {
        steps.reduce(Optional(root)) { value, step in
            switch step {
            case .member(let name): return value?[name]
            case .index(let index):
                guard let elements = value?.elements, index < elements.count else { return nil }
                return elements[index]
            case .filter(let member, let text):
                guard let elements = value?.elements else { return nil }
                guard let wanted = Self.filled(text, known) else { return value }
                return .array(elements.filter { $0[member]?.plainText == wanted })
            }
        }
    }

    /// - Returns: `nil` when a placeholder has no value.
    private static func filled(_ text: String, _ known: (String) -> String?) -> String? {
        let template = Template(text)
        guard template.names.allSatisfy({ known($0) != nil }) else { return nil }
        return template.filled(known)
    }
}

extension JSONValue {
    /// A text, number or boolean as text.
    package var plainText: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }
}
