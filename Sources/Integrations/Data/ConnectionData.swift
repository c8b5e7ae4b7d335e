import Encoding
import OAuth
import Primitives

/// The data that an integration keeps about a connection: names and values, never a secret.
package struct ConnectionData: Equatable, Sendable {
    private var values: [(name: String, value: String)]

    package static let none = ConnectionData(values: [])

    private init(values: [(name: String, value: String)]) {
        self.values = values
    }

    /// Reads the form that is stored.
    package init(text: String) {
        let members = text == "{}" ? [] : (try? JSONValue(parsing: text))?.members ?? []
        values = members.compactMap { member in
            member.value.stringValue.map { (member.name, $0) }
        }
    }

    /// The form that is stored.
    package var text: String {
        let json = JSONValue.object(values.map { ($0.name, .string($0.value)) })
        return String(decoding: json.encoded(), as: UTF8.self)
    }

    /// All names and values, in order.
    package var members: [(name: String, value: String)] { values }

    package subscript(name: String) -> String? {
        values.first { $0.name == name }?.value
    }

    package static func == (left: ConnectionData, right: ConnectionData) -> Bool {
        left.text == right.text
    }

    package mutating func set(_ name: String, _ value: String) {
        values.removeAll { $0.name == name }
        values.append((name, value))
    }
}

extension ConnectionData {
    /// The most values: more than any integration keeps.
    private static let mostValues = 100

    /// Checks the values that the user gives, and adds those that the integration itself sets.
    ///
    /// - Parameter sources: The sources that are not asked this time: the user may give their
    ///   values. From the others, a value that is left out is not taken from the user.
    /// - Throws: ``InputError/invalid(code:detail:)``, which names every problem.
    package init(
        _ given: [(name: String, value: String)], for definition: IntegrationDefinition,
        insteadOf sources: Set<ConnectionDatum.Source> = []
    ) throws {
        guard given.count <= Self.mostValues else {
            throw Self.invalid(["there are more than \(Self.mostValues) values"])
        }
        var problems = Self.problems(in: given, definition, sources.union([.user]))
        let missing = definition.connectionData.filter { datum in
            datum.isAsked && !given.contains { $0.name == datum.name }
        }
        problems += missing.map(\.requirement)
        guard problems.isEmpty else { throw Self.invalid(problems) }
        values = given
        for datum in definition.connectionData where datum.isKnownBefore {
            if self[datum.name] == nil, let fallback = datum.fallback { set(datum.name, fallback) }
        }
    }

    /// Returns whether the user gave every value that is asked for, right or wrong.
    package static func isComplete(
        _ given: [(name: String, value: String)], for definition: IntegrationDefinition
    ) -> Bool {
        definition.connectionData.allSatisfy { datum in
            !datum.isAsked || given.contains { $0.name == datum.name }
        }
    }

    private static func problems(
        in given: [(name: String, value: String)], _ definition: IntegrationDefinition,
        _ sources: Set<ConnectionDatum.Source>
    ) -> [String] {
        var problems: [String] = []
        var seen: Set<String> = []
        // Values that the user gives in place of the provider.
        let hostChoosers = Set(definition.hostChoices(by: sources).map(\.name))
        for (name, value) in given {
            guard let datum = definition.connectionData.first(where: { $0.name == name }) else {
                problems.append("'\(name.prefix(64))' is not a value that the integration keeps")
                continue
            }
            if datum.source == .operator {
                problems.append("'\(name)' is fixed by the integration")
            } else if !sources.contains(datum.source) {
                problems.append("'\(name)' is set by the provider")
            } else if hostChoosers.contains(name) {
                problems.append(
                    "'\(name)' would choose the host that tokens go to, which only the provider may "
                        + "do here (the operator can say 'choosesHost')")
            } else if !datum.accepts(value) {
                problems.append(datum.requirement)
            }
            if !seen.insert(name).inserted {
                problems.append("'\(name)' is given twice")
            }
        }
        return problems
    }

    /// Refuses data that lacks a required value of these sources, which are not asked this time.
    package func checkComplete(
        without sources: Set<ConnectionDatum.Source>, for definition: IntegrationDefinition
    ) throws {
        let missing = definition.connectionData.filter {
            sources.contains($0.source) && !$0.isOptional && self[$0.name] == nil
        }
        guard missing.isEmpty else { throw Self.invalid(missing.map(\.requirement)) }
    }

    private static func invalid(_ problems: [String]) -> InputError {
        .invalid(
            code: .invalidConnectionData,
            detail: "In 'data': " + problems.abbreviated(separator: "; ") + ".")
    }
}

extension InputError {
    /// Returns the error of a connection that was made before the integration needed that value.
    package static func missingData(_ name: String) -> InputError {
        .conflict(
            code: .connectionDataMissing,
            detail: "The connection keeps no fit value for '\(name)', which the integration needs. "
                + "Connect again.")
    }
}
