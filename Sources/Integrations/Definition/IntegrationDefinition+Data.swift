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
                reader.require(false, "'\(url)' is not a URL with the values of 'data'")
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
        func filled(_ text: String) -> String {
            Template(text).filled { values[$0] ?? ($0 == "clientId" ? clientId : nil) }
        }
        func filled(_ parameters: [Parameter]) -> [Parameter] {
            parameters.map { Parameter(name: $0.name, value: filled($0.value)) }
        }
        scope = scope.map(filled)
        resources = resources.map(filled)
        assertion.issuer = assertion.issuer.map(filled)
        assertion.subject = assertion.subject.map(filled)
        assertion.audience = assertion.audience.map(filled)
        headers = filled(headers)
        authorizationParameters = filled(authorizationParameters)
        tokenParameters = filled(tokenParameters)
        tokenHeaders = filled(tokenHeaders)
        refresh.parameters = filled(refresh.parameters)
        credentialTestPath = credentialTestPath.map(filled)
        if var lookup {
            lookup.headers = filled(lookup.headers)
            lookup.body = lookup.body.map(filled)
            self.lookup = lookup
        }
        if var revocation {
            revocation.headers = revocation.headers.map { ($0.name, filled($0.value)) }
            revocation.parameters = revocation.parameters.map { ($0.name, filled($0.value)) }
            self.revocation = revocation
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
