import Encoding
import HTTPClient
import HTTPTypes

extension AuthorizationServerMetadata {
    /// The most bytes that are accepted of a document (SECURITY 36).
    static let limit = 262_144

    /// Finds the document of an issuer: at the first of the places that the standards name, and
    /// servers use, where one that can be used stands. Some sites answer every path: with a page, a
    /// way to their login, an error, or the document of an issuer beside this one. So no answer at
    /// one place says anything of the next.
    ///
    /// - Throws: ``MetadataNotFound``, with the result at each place;
    ///   ``OAuthError/badEndpoint(_:)`` for an issuer that is no https URL, has a query (RFC 8414
    ///   §2), or lies where nothing may be called.
    package static func fetch(
        issuer: String, transport: any HTTPTransport, limits: TransferLimits = .providerAnswer,
        allowHTTP: Bool = false
    ) throws -> AuthorizationServerMetadata {
        var outcomes: [(location: String, error: OAuthError)] = []
        for location in try locations(issuer: issuer, allowHTTP: allowHTTP) {
            do {
                let metadata = try AuthorizationServerMetadata(
                    members: try document(at: location, transport, limits), issuer: issuer,
                    allowHTTP: allowHTTP)
                guard metadata.tokenEndpoint != nil else {
                    throw OAuthError.malformedResponse("it names no token_endpoint")
                }
                return metadata
            } catch let error as OAuthError {
                // The host is the same for all places: one that may not be called stays so.
                if case .badEndpoint = error { throw error }
                outcomes.append((location, error))
            }
        }
        throw MetadataNotFound(outcomes: outcomes)
    }

    private static func document(
        at location: String, _ transport: any HTTPTransport, _ limits: TransferLimits
    ) throws(OAuthError) -> JSONValue {
        let request = OutgoingRequest(
            method: .get, to: try EndpointURL(location).url,
            headers: [.accept: "application/json"], limits: limits)
        let answer = try ProviderAnswer(to: request, over: transport, limit: limit)
        guard answer.status == 200 else { throw .outage(.status(answer.status)) }
        guard let members = answer.members else {
            throw answer.flaw ?? .outage(.unreadable(status: answer.status))
        }
        return members
    }

    /// Returns the places of the metadata. RFC 8414 §3.1 puts the well-known part between host and
    /// path, OpenID behind the path; RFC 8414 §5 has OpenID's name in the first form as well, and
    /// some servers have the other combination.
    private static func locations(issuer: String, allowHTTP: Bool) throws -> [String] {
        let endpoint = try EndpointURL(issuer)
        guard allowHTTP || endpoint.url.origin.isSecure else {
            throw OAuthError.badEndpoint("an issuer is an https URL")
        }
        guard endpoint.url.query == nil else {
            throw OAuthError.badEndpoint("an issuer has no query")
        }
        let trimmed = issuer.hasSuffix("/") ? issuer.dropLast() : issuer[...]
        let whole = endpoint.url.path
        let path = whole.hasSuffix("/") ? whole.dropLast() : whole[...]
        let (oauth, openID) = ("oauth-authorization-server", "openid-configuration")
        let named = [
            "\(endpoint.url.origin)/.well-known/\(oauth)\(path)",
            "\(trimmed)/.well-known/\(openID)",
        ]
        guard !path.isEmpty else { return named }
        return named + [
            "\(endpoint.url.origin)/.well-known/\(openID)\(path)",
            "\(trimmed)/.well-known/\(oauth)",
        ]
    }
}
