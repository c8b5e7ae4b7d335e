import OAuth
import Templates

/// The field `data`: values that the operator sets, the same for all connections.
extension IntegrationDefinition {
    /// Puts values in place of their placeholders: in all URLs, and in all texts that are sent to
    /// them. The values stay in `connectionData`, with the operator as their source, so that each
    /// connection shows them.
    ///
    /// `{clientId}` is filled without being in `data`, except in URLs.
    mutating func fix(_ given: [Parameter], _ reader: inout DefinitionReader) {
        for (name, value) in given.map({ ($0.name, $0.value) }) {
            guard let index = connectionData.firstIndex(where: { $0.name == name }),
                connectionData[index].isKnownBefore
            else {
                reader.require(false, "in 'data': '\(name)' is not a value that can be set here")
                continue
            }
            let datum = connectionData[index]
            reader.require(datum.accepts(value), "in 'data': \(datum.requirement)")
            connectionData[index] = datum.fixed(to: value)
        }
        // A value that was refused just now fills no placeholder.
        let fixed = connectionData.filter { datum in
            datum.source == .operator && datum.fallback.map(datum.accepts) == true
        }
        let values = ConnectionData(fixed: fixed)
        let names = Set(fixed.map(\.name))
        for text in Self.texts {
            if text.role.endpointOfURL != nil {
                text.map(&self) { Self.filled(url: $0, values, names, &reader) }
            } else {
                let clientId = clientId
                text.map(&self) { text in
                    Template(text).filled { values[$0] ?? ($0 == "clientId" ? clientId : nil) }
                }
            }
        }
    }

    private static func filled(
        url: String, _ values: ConnectionData, _ names: Set<String>,
        _ reader: inout DefinitionReader
    ) -> String {
        do {
            return try URLTemplate.fill(url, with: values) { !names.contains($0) }
        } catch {
            reader.require(false, "'\(url)' is not a URL with the values of 'data'")
            return url
        }
    }
}

extension ConnectionData {
    /// Makes the data that an integration sets for all its connections.
    fileprivate init(fixed data: [ConnectionDatum]) {
        self = .none
        for datum in data { set(datum.name, datum.fallback ?? "") }
    }
}
