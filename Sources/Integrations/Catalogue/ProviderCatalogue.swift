import Primitives

/// The providers that integrations can be made of by their `type`. An entry is read when it is
/// asked for: most services ask for none.
package struct ProviderCatalogue: Sendable {
    private let names: @Sendable () throws -> [String]
    private let load: @Sendable (String) throws -> Provider?

    /// Without any.
    package static let empty = ProviderCatalogue(ids: { [] }, provider: { _ in nil })

    /// - Parameters:
    ///   - ids: The ids of all, in order.
    ///   - provider: The one of that id; `nil` when there is none.
    package init(
        ids: @escaping @Sendable () throws -> [String],
        provider: @escaping @Sendable (String) throws -> Provider?
    ) {
        names = ids
        load = provider
    }

    package func ids() throws -> [String] { try names() }

    /// - Throws: ``InputError/invalid(code:detail:)`` for an entry that is damaged.
    package func provider(_ id: String) throws -> Provider? { try load(id) }

    /// All entries that can be read, and what is wrong with the others.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)`` when it is not known which there are.
    package func all() throws -> (providers: [Provider], problems: [String]) {
        var providers: [Provider] = []
        let problems = try ids().compactMap { id in
            try Self.problem { try provider(id).map { providers.append($0) } }
        }
        return (providers, problems)
    }

    /// What is wrong with an entry that a closure reads; `nil` when nothing is.
    package static func problem(_ read: () throws -> some Any) rethrows -> String? {
        do {
            _ = try read()
            return nil
        } catch InputError.invalid(_, let detail) {
            return detail
        }
    }
}
