import OAuth

/// The field `data`: values that whoever adds the integration gives, the same for all connections.
extension IntegrationDefinition {
    /// Puts values in place of their placeholders, everywhere. They stay among `connectionData`,
    /// as given by the operator, so that each connection shows them.
    ///
    /// `{clientId}` is known without being given.
    mutating func fix(_ given: [Parameter], _ reader: inout DefinitionReader) {
        for (name, value) in given.map({ ($0.name, $0.value) }) {
            guard let index = connectionData.firstIndex(where: { $0.name == name }),
                connectionData[index].isKnownBefore
            else {
                reader.require(false, "in 'data': '\(name)' is nothing that can be given here")
                continue
            }
            let datum = connectionData[index]
            reader.require(datum.accepts(value), "in 'data': \(datum.requirement)")
            connectionData[index] = datum.fixed(to: value)
        }
        let fixed = connectionData.filter { $0.source == .operator && $0.fallback != nil }
        guard fixed.allSatisfy({ $0.accepts($0.fallback ?? "") }) else { return }
        let values = ConnectionData(fixed: fixed)
        let names = Set(fixed.map(\.name))
        substituteURLs(values, names, &reader)
        substituteTexts(values)
    }

    private mutating func substituteURLs(
        _ values: ConnectionData, _ names: Set<String>, _ reader: inout DefinitionReader
    ) {
        func filled(_ url: String) -> String {
            do {
                return try URLTemplate.fill(url, with: values) { !names.contains($0) }
            } catch {
                reader.require(false, "'\(url)' is no URL with what 'data' gives")
                return url
            }
        }
        authUri = authUri.map(filled)
        tokenUri = tokenUri.map(filled)
        revocationUri = revocationUri.map(filled)
        refresh.uri = refresh.uri.map(filled)
        if let uri = lookup?.uri { lookup?.uri = filled(uri) }
        apiBaseUri = filled(apiBaseUri)
        apiHosts = apiHosts.map(filled)
    }

    private mutating func substituteTexts(_ values: ConnectionData) {
        func filled(_ parameters: [Parameter]) -> [Parameter] {
            parameters.map { Parameter(name: $0.name, value: substituted($0.value, values)) }
        }
        headers = filled(headers)
        authorizationParameters = filled(authorizationParameters)
        tokenParameters = filled(tokenParameters)
        tokenHeaders = filled(tokenHeaders)
        refresh.parameters = filled(refresh.parameters)
        if let headers = lookup?.headers {
            let values = filled(headers)
            lookup?.headers = values
        }
    }

    private func substituted(_ text: String, _ values: ConnectionData) -> String {
        Template(text).parts.reduce(into: "") { result, part in
            switch part {
            case .text(let text): result += text
            case .name("clientId"): result += clientId ?? ""
            case .name(let name): result += values[String(name)] ?? "{\(name)}"
            }
        }
    }
}

extension ConnectionData {
    /// What an integration fixes for all its connections.
    fileprivate init(fixed data: [ConnectionDatum]) {
        self = .none
        for datum in data { set(datum.name, datum.fallback ?? "") }
    }
}
