import Encoding
import OAuth

/// What an integration keeps about a connection: names and values, never a secret.
package struct ConnectionData: Equatable, Sendable {
    private var values: [(name: String, value: String)]

    package static let none = ConnectionData(values: [])

    private init(values: [(name: String, value: String)]) {
        self.values = values
    }

    /// As it is stored.
    package init(text: String) {
        let members = text == "{}" ? [] : (try? JSONValue(parsing: text))?.members ?? []
        values = members.compactMap { member in
            member.value.stringValue.map { (member.name, $0) }
        }
    }

    /// As it is to be stored.
    package var text: String {
        let json = JSONValue.object(values.map { ($0.name, .string($0.value)) })
        return String(decoding: json.encoded(), as: UTF8.self)
    }

    package subscript(name: String) -> String? {
        values.first { $0.name == name }?.value
    }

    package static func == (left: ConnectionData, right: ConnectionData) -> Bool {
        left.text == right.text
    }
}

extension ConnectionData {
    /// What whoever connects gives, checked.
    ///
    /// - Throws: ``ConnectionsError/invalid(code:detail:)``, which names everything that is wrong.
    package init(_ given: [(name: String, value: String)], for definition: IntegrationDefinition)
        throws
    {
        let wanted = definition.connectionData
        var problems: [String] = []
        for (name, value) in given {
            guard let datum = wanted.first(where: { $0.name == name }) else {
                problems.append("'\(name.prefix(64))' is nothing that the integration keeps")
                continue
            }
            if !datum.accepts(value) { problems.append(datum.requirement) }
            if given.count(where: { $0.name == name }) > 1 {
                problems.append("'\(name)' is given twice")
            }
        }
        for datum in wanted where datum.source == .user {
            if !given.contains(where: { $0.name == datum.name }) {
                problems.append(datum.requirement)
            }
        }
        guard problems.isEmpty else { throw Self.invalid(problems) }
        values = given
    }

    /// Adds what the provider's answer is to say; it counts for more than what was given.
    ///
    /// - Parameter response: `nil` when the provider was not asked: then all must have been given.
    /// - Throws: ``ConnectionsError/provider(_:)`` when the answer does not say it, or nothing fit.
    package func completed(
        by response: TokenResponse?, for definition: IntegrationDefinition
    ) throws -> ConnectionData {
        var data = self
        for datum in definition.connectionData where datum.source == .token {
            if let response {
                data.values.removeAll { $0.name == datum.name }
                data.values.append((datum.name, try datum.value(in: response)))
            } else if data[datum.name] == nil {
                throw Self.invalid([datum.requirement])
            }
        }
        return data
    }

    private static func invalid(_ problems: [String]) -> ConnectionsError {
        .invalid(
            code: "invalid_connection_data",
            detail: "In 'data': " + problems.joined(separator: "; ") + ".")
    }
}

extension ConnectionDatum {
    fileprivate var requirement: String { "'\(name)' must be a text that matches \(pattern)" }

    fileprivate func value(in response: TokenResponse) throws -> String {
        let value = member.split(separator: ".").reduce(Optional(response.members)) {
            $0?[String($1)]
        }
        let text: String? =
            switch value {
            case .string(let text)?, .number(let text)?: text
            default: nil
            }
        guard let text, accepts(text) else {
            throw ConnectionsError.provider(
                .malformedResponse("'\(member)' is missing, or does not match its pattern"))
        }
        return text
    }
}
