import Addressing
import OAuth
import Templates

extension IntegrationDefinition {
    /// Every URL that something may be sent to.
    package var urls: [String] {
        [authUri, tokenUri, refresh.uri, revocationUri, lookup?.uri, apiBaseUri]
            .compactMap { $0 } + apiHosts
    }

    /// Whether a token that was given for the old definition's origins would go to another one.
    /// What calls carry may go where calls went; what refreshes it, only where it went before.
    package func movesTokens(from old: IntegrationDefinition) -> Bool {
        !apiOrigins.isSubset(of: old.apiOrigins)
            || !tokenOrigins.isSubset(of: old.tokenOrigins)
            || !origins([revocationUri])
                .isSubset(of: old.origins([old.revocationUri]).union(old.tokenOrigins))
    }

    /// Whether the client's secret would go to an origin that it did not go to before.
    package func movesClientSecret(from old: IntegrationDefinition) -> Bool {
        !clientOrigins.isSubset(of: old.clientOrigins)
    }

    /// Where the client proves itself.
    private var clientOrigins: Set<String> { origins([tokenUri, refresh.uri, revocationUri]) }

    /// Where tokens are refreshed.
    private var tokenOrigins: Set<String> { origins([tokenUri, refresh.uri]) }

    /// Where calls go.
    private var apiOrigins: Set<String> { origins([apiBaseUri] + apiHosts) }

    /// Where URLs lead. With placeholders that is the text before the path, and what may take their
    /// places in it.
    private func origins(_ urls: [String?]) -> Set<String> {
        Set(
            urls.compactMap { url -> String? in
                guard let url else { return nil }
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
