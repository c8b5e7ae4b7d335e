import Addressing
import OAuth
import Templates

extension IntegrationDefinition {
    /// The URLs to which requests may be sent.
    package var urls: [String] { urls(of: Set(ProviderEndpoint.allCases)) }

    private func urls(of endpoints: Set<ProviderEndpoint>) -> [String] {
        Self.texts.filter { $0.role.endpointOfURL.map(endpoints.contains) == true }
            .flatMap { $0.values(self).map(\.text) }
    }

    /// Returns whether a token that was issued for the old definition would go to a new origin. An
    /// access token may go to the API's old origins; a refresh token, only to the token endpoints'.
    package func movesTokens(from old: IntegrationDefinition) -> Bool {
        !apiOrigins.isSubset(of: old.apiOrigins)
            || !tokenOrigins.isSubset(of: old.tokenOrigins)
            || !origins(of: [.revocation])
                .isSubset(of: old.origins(of: [.revocation, .token, .refresh]))
    }

    /// Returns whether the client's secret would go to an origin that it did not go to before.
    package func movesClientSecret(from old: IntegrationDefinition) -> Bool {
        !clientOrigins.isSubset(of: old.clientOrigins)
    }

    /// The origins at which the client proves itself.
    private var clientOrigins: Set<String> { origins(of: [.token, .refresh, .revocation]) }

    /// The origins at which tokens are issued and refreshed.
    private var tokenOrigins: Set<String> { origins(of: [.token, .refresh]) }

    /// The origins to which calls go.
    private var apiOrigins: Set<String> { origins(of: [.api]) }

    /// Returns the origins of endpoints. With placeholders in the host, an origin is the text before the
    /// path, together with the definitions of the values that fill it.
    private func origins(of endpoints: Set<ProviderEndpoint>) -> Set<String> {
        Set(
            urls(of: endpoints).map { url in
                let beginning = URLTemplate.beginning(of: url)
                let names = Template(beginning).names
                guard !names.isEmpty else {
                    return AbsoluteURL(beginning)?.origin.description ?? beginning
                }
                let values = connectionData.filter { names.contains($0.name) }.map {
                    "\($0.name) \($0.source) \($0.path.text) \($0.pattern ?? "")"
                }
                return ([beginning] + values).joined(separator: "\n")
            })
    }
}
