import Connections
import Encoding
import Integrations

/// A credential that went in the query, where APIs quote it: in redirects, in links to the next
/// page. Nothing of it may come back to the caller (SECURITY 26).
package struct QueryCredential {
    private let parameter: QueryParameter
    /// As it may stand anywhere; none where it is so short that it would be found everywhere.
    private let texts: [String]
    private static let shortestText = 6

    init(name: String, secret: String) {
        parameter = QueryParameter(name)
        texts =
            secret.utf8.count < Self.shortestText ? [] : [secret, PercentEncoding.encode(secret)]
    }

    /// The URL without the parameter.
    func removed(from url: String) -> String {
        parameter.removed(from: url)
    }

    /// Whether a field quotes the credential.
    func isIn(_ text: String) -> Bool {
        texts.contains { text.contains($0) }
    }
}

extension IntegrationDefinition {
    /// What must not come back, where the credential goes in the query.
    func queryCredential(_ credential: Credential) -> QueryCredential? {
        guard case .query(let name) = credentialPlacement else { return nil }
        return QueryCredential(name: name, secret: Self.secret(of: credential).secret)
    }
}
