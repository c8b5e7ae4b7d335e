import Encoding
import Integrations
import OAuth

extension ConnectionData {
    /// Adds what a source says; it takes precedence over what was given.
    ///
    /// - Parameter value: Returns the source's value for a datum.
    /// - Throws: ``ConnectionsError/provider(_:)`` when it lacks what has to be known, or the value
    ///   does not fit.
    func adding(
        _ source: ConnectionDatum.Source, for definition: IntegrationDefinition,
        _ value: (ConnectionDatum) -> String?
    ) throws -> ConnectionData {
        var data = self
        // An older version took patterns that fit any host.
        let hostChoosers = source == .callback ? definition.hostChoices(by: [source]) : []
        for datum in definition.connectionData where datum.source == source {
            if let value = value(datum) {
                guard !hostChoosers.contains(where: { $0.name == datum.name }) else {
                    throw Self.choosingHost(datum)
                }
                guard datum.accepts(value) else { throw Self.unfit(datum) }
                data.set(datum.name, value)
            } else if let fallback = datum.fallback, data[datum.name] == nil {
                data.set(datum.name, fallback)
            } else if data[datum.name] == nil, !datum.isOptional {
                throw Self.unfit(datum)
            }
        }
        return data
    }

    /// Adds the same from JSON: a token response, or a lookup's answer.
    func adding(
        _ source: ConnectionDatum.Source, for definition: IntegrationDefinition,
        from json: JSONValue
    ) throws -> ConnectionData {
        try adding(source, for: definition) { datum in
            datum.path.value(in: json) { self[$0] }?.plainText
        }
    }

    private static func choosingHost(_ datum: ConnectionDatum) -> ConnectionsError {
        .provider(
            .malformedResponse(
                "'\(datum.path.text)' for '\(datum.name)' would choose the host that tokens go to, "
                    + "and comes with the callback: tighten its 'pattern', or say 'choosesHost'"))
    }

    private static func unfit(_ datum: ConnectionDatum) -> ConnectionsError {
        .provider(
            .malformedResponse(
                "'\(datum.path.text)' for '\(datum.name)' is missing (\(datum.source.rawValue)), "
                    + "or does not match its pattern"))
    }
}
