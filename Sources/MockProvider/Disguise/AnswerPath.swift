import Encoding

/// A path of an entry, such as `team.id`, `[0].id` or `accounts[is_default=true][0].base_uri`, at
/// which a value is put into an answer.
struct AnswerPath {
    private enum Step {
        case member(String)
        case index(Int)
        case filter(member: String, value: String)
    }

    private let steps: [Step]

    init(_ text: String) {
        // `a[0].b` as `a`, `[0]`, `b`.
        steps = text.replacing("[", with: ".[").split(separator: ".").reduce(into: []) {
            steps, part in
            // A dot within brackets does not end a step.
            if case .filter(let member, let value)? = steps.last, !value.hasSuffix("]") {
                steps[steps.count - 1] = .filter(member: member, value: "\(value).\(part)")
            } else {
                steps.append(Self.step(part))
            }
        }.map(Self.closed)
    }

    private static func step(_ part: Substring) -> Step {
        guard part.hasPrefix("[") else { return .member(String(part)) }
        let inside = part.dropFirst()
        if let index = Int(inside.dropLast()) { return .index(index) }
        let name = inside.prefix { $0 != "=" }
        return .filter(
            member: String(name), value: String(inside.dropFirst(name.count).dropFirst()))
    }

    private static func closed(_ step: Step) -> Step {
        guard case .filter(let member, let value) = step else { return step }
        return .filter(member: member, value: String(value.dropLast()))
    }

    /// Returns the answer with a value at this path. Makes the objects and lists that lead there,
    /// and decoys around them that a client must not take.
    ///
    /// - Parameter fill: Replaces the names in braces in a filter.
    func put(_ value: JSONValue, into root: JSONValue, fill: (String) -> String) -> JSONValue {
        Self.put(value, steps[...], root, fill)
    }

    private static func put(
        _ value: JSONValue, _ steps: ArraySlice<Step>, _ current: JSONValue?,
        _ fill: (String) -> String
    ) -> JSONValue {
        let rest = steps.dropFirst()
        switch steps.first {
        case nil: return value
        case .member(let name):
            var members = (current?.members ?? []).map { ($0.name, $0.value) }
            let new = put(value, rest, current?[name], fill)
            if let index = members.firstIndex(where: { $0.0 == name }) {
                members[index].1 = new
            } else {
                members.append((name, new))
            }
            return .object(members)
        case .index(let index):
            var elements = current?.elements ?? []
            while elements.count <= index { elements.append(["decoy": true]) }
            elements[index] = put(value, rest, elements[index], fill)
            return .array(elements)
        case .filter(let member, let text):
            return filtered(value, rest, current, member: member, text: fill(text), fill)
        }
    }

    /// Puts the value into one of the elements with that member: the one at the next step's index.
    private static func filtered(
        _ value: JSONValue, _ rest: ArraySlice<Step>, _ current: JSONValue?, member: String,
        text: String, _ fill: (String) -> String
    ) -> JSONValue {
        var index = 0
        var inner = rest
        if case .index(let number)? = rest.first { (index, inner) = (number, rest.dropFirst()) }
        let wanted = JSONValue.scalar(text)
        var elements = current?.elements ?? [.object([(member, .scalar("not " + text))])]
        while elements.count(where: { $0[member] == wanted }) <= index {
            elements.append(.object([(member, wanted)]))
        }
        let places = elements.indices.filter { elements[$0][member] == wanted }
        elements[places[index]] = put(value, inner, elements[places[index]], fill)
        return .array(elements)
    }
}

extension JSONValue {
    /// Returns a text as the value that a provider would send: a boolean or a number where it is
    /// one.
    static func scalar(_ text: String) -> JSONValue {
        if text == "true" || text == "false" { return .bool(text == "true") }
        let isNumber =
            (1...15).contains(text.utf8.count)
            && text.utf8.allSatisfy(\.isASCIIDigit)
            && (text == "0" || !text.hasPrefix("0"))
        return isNumber ? .number(text) : .string(text)
    }

    /// A text, number or boolean as text.
    var scalarText: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }
}
