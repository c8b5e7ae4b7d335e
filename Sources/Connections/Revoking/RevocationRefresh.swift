import Encoding
import HTTPClient
import Integrations
import OAuth
import Primitives

/// Refreshes an expired access token that is needed to revoke its grant: where providers revoke by
/// the access token alone, a user who comes back after an hour could not disconnect otherwise.
package struct RevocationRefresh {
    let definition: IntegrationDefinition
    let data: ConnectionData
    /// The time at which the access token expires.
    var tokenExpiresAt: Timestamp

    /// Keeps what the refresh needs.
    ///
    /// - Returns: `nil` where the refresh token itself is revoked, or there is none, or the access
    ///   token has no known end.
    init?(
        _ integration: Integration, _ issued: IssuedCredential, _ shape: RevocationShape,
        data: String?
    ) {
        guard !shape.tokens.isEmpty, !shape.tokens.contains(.refreshToken), issued.hasRefreshToken,
            integration.definition.refresh.token == .refreshToken,
            let tokenExpiresAt = issued.tokenExpiresAt
        else { return nil }
        definition = integration.definition
        self.data = ConnectionData(text: data ?? "{}")
        self.tokenExpiresAt = tokenExpiresAt
    }

    /// Refreshes the tokens, if the access token has expired.
    ///
    /// - Returns: The provider's new tokens; `nil` while the access token lives.
    /// - Throws: ``OAuthError``.
    func tokens(
        inPlaceOf tokens: OAuthTokens, _ secrets: ClientSecrets, _ transport: any HTTPTransport,
        _ clock: Clock, _ log: TokenAnswerLog
    ) throws -> (tokens: OAuthTokens, expiresAt: Timestamp)? {
        guard tokenExpiresAt <= clock.now, let refreshToken = tokens.refreshToken else {
            return nil
        }
        let asked = clock.now
        let response = try ProviderClient(
            definition: definition, secrets: secrets, data: data, transport: transport,
            clock: clock, log: log
        ).refresh(refreshToken)
        let refreshed = OAuthTokens(
            accessToken: response.accessToken,
            refreshToken: response.refreshToken ?? refreshToken)
        // A token without a stated end is taken to work for as long as the attempt takes.
        let end =
            response.end(askedAt: asked.seconds).map(Timestamp.init(seconds:)) ?? asked + 60
        return (refreshed, end)
    }
}

extension RevocationRefresh {
    /// The form in which it is stored.
    var json: JSONValue {
        [
            "definition": definition.json, "data": .string(data.text),
            "tokenExpiresAt": .integer(Int(tokenExpiresAt.seconds)),
        ]
    }

    init?(json: JSONValue?) {
        guard let json, let end = json["tokenExpiresAt"]?.intValue,
            let definition = json["definition"].flatMap({
                try? IntegrationDefinition.read(stored: $0)
            })
        else { return nil }
        self.definition = definition
        data = ConnectionData(text: json["data"]?.stringValue ?? "{}")
        tokenExpiresAt = Timestamp(seconds: Int64(end))
    }
}
