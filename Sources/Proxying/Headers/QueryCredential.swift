import Connections
import Encoding
import Integrations

/// A credential that was sent in the query, where APIs quote it: in redirects, in links to the next
/// page. It must not come back to the caller, nor any part of it (SECURITY 26).
package struct QueryCredential {
    private let parameter: QueryParameter
    /// The forms in which it may be quoted; none where it is so short that it would be found
    /// everywhere.
    private let texts: [String]
    private static let shortestText = 6

    init(name: String, secret: String) {
        parameter = QueryParameter(name)
        texts =
            secret.utf8.count < Self.shortestText ? [] : [secret, PercentEncoding.encode(secret)]
    }

    /// Returns the URL without the parameter.
    func removed(from url: String) -> String {
        parameter.removed(from: url)
    }

    /// Whether a field quotes the credential.
    func isIn(_ text: String) -> Bool {
        texts.contains { text.contains($0) }
    }
}

extension IntegrationDefinition {
    /// The secret that must not come back, where the credential is sent in the query.
    func queryCredential(_ credential: Credential) -> QueryCredential? {
        guard case .query(let name) = credentialPlacement else { return nil }
        return QueryCredential(name: name, secret: Self.secret(of: credential).secret)
    }
}
