import Primitives

/// The providers of which integrations can be made by their `type`. An entry is read only when it
/// is needed: most services need none.
package struct ProviderCatalogue: Sendable {
    private let names: @Sendable () throws -> [String]
    private let load: @Sendable (String) throws -> Provider?

    /// A catalogue without providers.
    package static let empty = ProviderCatalogue(ids: { [] }, provider: { _ in nil })

    /// - Parameters:
    ///   - ids: Returns the ids of all providers, in order.
    ///   - provider: Returns the provider with an id; `nil` when there is none.
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

    /// Returns all entries that can be read, and the problems of the others.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)`` when the ids cannot be read.
    package func all() throws -> (providers: [Provider], problems: [String]) {
        var providers: [Provider] = []
        let problems = try ids().compactMap { id in
            try Self.problem { try provider(id).map { providers.append($0) } }
        }
        return (providers, problems)
    }

    /// Returns the problem of an entry that a closure reads; `nil` when there is none.
    package static func problem(_ read: () throws -> some Any) rethrows -> String? {
        do {
            _ = try read()
            return nil
        } catch InputError.invalid(_, let detail) {
            return detail
        }
    }
}
