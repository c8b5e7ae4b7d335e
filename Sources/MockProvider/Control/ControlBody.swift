import Encoding
import Web

/// An error in an order to the control endpoint.
package struct ControlError: Error, Equatable {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The JSON object of an order; a request without a body has an empty object.
struct ControlBody {
    let json: JSONValue

    /// Reads an object inside an order; `nil` is an empty one.
    init(_ member: JSONValue?, named name: String) throws(ControlError) {
        json = member ?? [:]
        guard json.members != nil else { throw ControlError("\(name) must be an object") }
    }

    init(_ request: Request) throws(ControlError) {
        guard let bytes = try? request.body.collect(upTo: 1_048_576) else {
            throw ControlError("the body could not be read")
        }
        do {
            json = bytes.isEmpty ? [:] : try JSONValue(parsing: bytes)
        } catch {
            throw ControlError("the body is not JSON: \(error.description)")
        }
        guard json.members != nil else { throw ControlError("the body must be a JSON object") }
    }

    /// - Throws: ``ControlError`` that names the first unknown member.
    func refuseMembers(except known: Set<String>) throws(ControlError) {
        if let unknown = (json.members ?? []).first(where: { !known.contains($0.name) }) {
            throw ControlError("\(unknown.name) is not known; known are \(known.sorted())")
        }
    }

    func text(_ name: String) throws(ControlError) -> String? {
        guard let value = json[name], value != .null else { return nil }
        guard let text = value.stringValue else { throw ControlError("\(name) must be a text") }
        return text
    }

    /// Reads a text that must be one of a type's raw values.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String
    ) throws(ControlError) -> Choice? {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw ControlError("\(name) must be one of \(Choice.allCases.map(\.rawValue))")
        }
        return choice
    }

    func flag(_ name: String) throws(ControlError) -> Bool? {
        guard let value = json[name] else { return nil }
        guard let flag = value.boolValue else {
            throw ControlError("\(name) must be true or false")
        }
        return flag
    }

    func number(_ name: String, in bounds: ClosedRange<Int>) throws(ControlError) -> Int? {
        guard let value = json[name] else { return nil }
        guard let number = value.intValue, bounds.contains(number) else {
            throw ControlError(
                "\(name) must be a number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    func texts(_ name: String) throws(ControlError) -> [String]? {
        guard let value = json[name] else { return nil }
        let texts = value.elements?.compactMap(\.stringValue)
        guard let texts, texts.count == value.elements?.count else {
            throw ControlError("\(name) must be a list of texts")
        }
        return texts
    }
}
