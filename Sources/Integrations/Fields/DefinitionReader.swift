import Addressing
import Encoding
import HTTPTypes
import Headers
import OAuth
import Templates

/// A reader of the fields of a JSON object that gathers the problems, so that the author of an
/// integration sees all of them at once, by name.
package struct DefinitionReader {
    private let members: [JSONValue.Member]
    /// The object that the fields belong to, in the author's words.
    private let owner: String
    private var read: Set<String> = []
    private(set) var problems: [String] = []

    package init(_ members: [JSONValue.Member], of owner: String = "an integration") {
        self.members = members
        self.owner = owner
    }

    /// The names of the fields.
    var names: [String] { members.map(\.name) }

    /// Returns whether there is a field of that name.
    func has(_ name: String) -> Bool { members.contains { $0.name == name && $0.value != .null } }

    mutating func text(_ name: String) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.stringValue else {
            problems.append("'\(name)' must be a text\(Self.advice([value]))")
            return nil
        }
        return text
    }

    /// Reads a text that is often written as a number, such as a client's id.
    mutating func textOrNumber(_ name: String) -> String? {
        if case .number(let digits)? = members.first(where: { $0.name == name })?.value {
            read.insert(name)
            return digits
        }
        return text(name)
    }

    /// Returns advice about quotes: in YAML, `id: 123` is a number, and `name: true` a boolean.
    private static func advice(_ values: [JSONValue]?) -> String {
        guard let values, values.allSatisfy({ $0.plainText != nil }) else { return "" }
        return "; put numbers, true and false in quotes"
    }

    mutating func requiredText(_ name: String) -> String {
        guard let text = text(name), !text.isEmpty else {
            problems.append("'\(name)' is missing")
            return ""
        }
        return text
    }

    mutating func flag(_ name: String) -> Bool? {
        guard let value = take(name) else { return nil }
        guard let flag = value.boolValue else {
            problems.append("'\(name)' must be true or false")
            return nil
        }
        return flag
    }

    /// Reads a number within the range.
    mutating func number(_ name: String, _ range: ClosedRange<Double>) -> Double? {
        guard let value = take(name) else { return nil }
        guard let number = value.doubleValue, range.contains(number) else {
            let bounds = [range.lowerBound, range.upperBound].map {
                Int(exactly: $0).map(String.init) ?? String($0)
            }
            problems.append("'\(name)' must be a number from \(bounds[0]) to \(bounds[1])")
            return nil
        }
        return number
    }

    /// Reads a whole number within the range.
    mutating func wholeNumber(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = take(name) else { return nil }
        guard let number = value.intValue, range.contains(number) else {
            problems.append(
                "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// Reads a list of whole numbers within the range.
    mutating func wholeNumbers(_ name: String, _ range: ClosedRange<Int>) -> [Int]? {
        guard let value = take(name) else { return nil }
        let numbers = value.elements?.compactMap(\.intValue).filter(range.contains)
        guard let numbers, numbers.count == value.elements?.count else {
            problems.append(
                "'\(name)' must be a list of whole numbers from \(range.lowerBound) to "
                    + "\(range.upperBound)")
            return nil
        }
        return numbers
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) -> Choice? {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            problems.append("'\(name)' must be one of: \(choices)")
            return nil
        }
        return choice
    }

    mutating func texts(_ name: String) -> [String]? {
        guard let value = take(name) else { return nil }
        let texts = value.elements?.compactMap(\.stringValue)
        guard let texts, texts.count == value.elements?.count else {
            problems.append("'\(name)' must be a list of texts\(Self.advice(value.elements))")
            return nil
        }
        return texts
    }

    /// The most parameters, more than any API has: `HeaderFields` ends the process at 65,535, again
    /// with each start.
    private static let mostParameters = 1000

    /// Reads an object whose values are texts.
    mutating func parameters(_ name: String) -> [IntegrationDefinition.Parameter]? {
        guard let value = take(name) else { return nil }
        let parameters = value.members?.compactMap { member in
            member.value.stringValue.map {
                IntegrationDefinition.Parameter(name: member.name, value: $0)
            }
        }
        guard let parameters, parameters.count == value.members?.count else {
            problems.append(
                "'\(name)' must be an object of texts"
                    + Self.advice(value.members?.map(\.value)))
            return nil
        }
        guard parameters.count <= Self.mostParameters else {
            problems.append("'\(name)' must not have more than \(Self.mostParameters) members")
            return nil
        }
        return parameters
    }

    /// Reads a text, number or boolean, as text.
    mutating func plainText(_ name: String) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.plainText else {
            problems.append("'\(name)' must be a text, a number, true or false")
            return nil
        }
        return text
    }

    /// Reads a path into a JSON value.
    mutating func path(_ name: String) -> MemberPath? {
        guard let text = text(name) else { return nil }
        guard let path = MemberPath(text) else {
            problems.append(
                "'\(name)' must be a path such as team.id, [0].id or list[main=true][0].id")
            return nil
        }
        return path
    }

    /// Reads an absolute URL, `http` or `https`, without user or fragment.
    mutating func url(_ name: String, mayHaveQuery: Bool = false) -> String? {
        guard let text = text(name) else { return nil }
        check(url: text, of: name, mayHaveQuery: mayHaveQuery)
        return text
    }

    /// Reads a URL as ``url(_:mayHaveQuery:)`` does, possibly with placeholders.
    mutating func templateURL(_ name: String, mayHaveQuery: Bool = false) -> String? {
        guard let text = text(name) else { return nil }
        check(template: text, of: name, mayHaveQuery: mayHaveQuery)
        return text
    }

    mutating func baseURLs(_ name: String) -> [String]? {
        guard let urls = texts(name) else { return nil }
        for url in urls { check(template: url, of: name) }
        return urls
    }

    /// Reads an object with fields of its own, in which unknown fields are refused too.
    mutating func object<Value>(
        _ name: String, _ read: (inout DefinitionReader) -> Value?
    ) -> Value? {
        guard let value = take(name) else { return nil }
        guard let members = value.members else {
            problems.append("'\(name)' must be an object")
            return nil
        }
        var inner = DefinitionReader(members, of: owner)
        let result = read(&inner)
        inner.finish()
        problems += inner.problems.map { "in '\(name)': \($0)" }
        return result
    }

    /// Reads a list of objects, each with fields of its own.
    mutating func objects<Value>(
        _ name: String, _ read: (inout DefinitionReader) -> Value
    ) -> [Value]? {
        guard let value = take(name) else { return nil }
        guard let elements = value.elements, elements.allSatisfy({ $0.members != nil }) else {
            problems.append("'\(name)' must be a list of objects")
            return nil
        }
        return elements.map { element in
            var inner = DefinitionReader(element.members ?? [], of: owner)
            let result = read(&inner)
            inner.finish()
            problems += inner.problems.map { "in '\(name)': \($0)" }
            return result
        }
    }

    /// Checks the fields of an object that was read before.
    mutating func check(within name: String, _ check: (inout DefinitionReader) -> Void) {
        var inner = DefinitionReader(take(name)?.members ?? [], of: owner)
        check(&inner)
        problems += inner.problems.map { "in '\(name)': \($0)" }
    }

    /// Returns the members of an object that another reader reads.
    mutating func members(of name: String) -> [JSONValue.Member] {
        guard let members = take(name)?.members else {
            problems.append("'\(name)' is missing, or not an object")
            return []
        }
        return members
    }

    mutating func require(_ condition: Bool, _ problem: @autoclosure () -> String) {
        if !condition { problems.append(problem()) }
    }

    /// Refuses header fields that cannot be sent.
    mutating func requireFields(_ fields: [IntegrationDefinition.Parameter]) {
        for field in fields {
            require(
                HTTPField.Name(field.name) != nil && HTTPField.isValidValue(field.value),
                "the header '\(field.name)' is not well-formed")
        }
    }

    /// Refuses the fields that were not read: they are unknown.
    mutating func finish() {
        for member in members where !read.contains(member.name) {
            problems.append("'\(member.name)' is not a field of \(owner)")
        }
    }

    private mutating func take(_ name: String) -> JSONValue? {
        read.insert(name)
        return members.first { $0.name == name && $0.value != .null }?.value
    }

    private mutating func check(template: String, of name: String, mayHaveQuery: Bool = false) {
        require(
            URLTemplate(template, mayHaveQuery: mayHaveQuery) != nil,
            "'\(name)' must be an absolute http or https URL without user"
                + (mayHaveQuery ? "" : ", query") + " or fragment; a {placeholder} may stand in "
                + "its host or its path, or for its beginning")
    }

    private mutating func check(url: String, of name: String, mayHaveQuery: Bool = false) {
        guard let parsed = AbsoluteURL(url), mayHaveQuery || parsed.query == nil else {
            problems.append(
                "'\(name)' must be an absolute http or https URL without user or fragment")
            return
        }
    }
}
