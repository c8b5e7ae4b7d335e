import Encoding
import HTTPClient
import Integrations
import OAuth
import Primitives
import Templates

/// The place, the way and the client of a revocation: as they were when the connection ended.
package struct RevocationTarget {
    let integration: String
    let url: String
    let client: ClientIdentity
    let shape: RevocationShape
    /// The data that was kept about the connection, for placeholders.
    let values: [String: String]
    var refresh: RevocationRefresh?
    var progress: RevocationProgress

    /// Makes the target for a connection.
    ///
    /// - Returns: `nil` when the integration has no way to revoke, or the connection keeps no fit
    ///   value for a placeholder of its URL.
    init?(_ integration: Integration, _ issued: IssuedCredential, data: String?) {
        let definition = integration.definition
        let kept = ConnectionData(text: data ?? "{}")
        guard let template = definition.revocationUri,
            let url = try? URLTemplate.fill(
                template, with: kept, leaving: RevocationPlaceholder.isOwn)
        else { return nil }
        self.integration = definition.slug
        self.url = url
        client = ClientIdentity(
            definition,
            tokenEndpoint: (try? URLTemplate.fill(definition.tokenUri ?? "", with: kept)) ?? "")
        shape = definition.revocation ?? RevocationShape()
        values = Dictionary(kept.members.map { ("data.\($0.name)", $0.value) }) { first, _ in first
        }
        refresh = RevocationRefresh(integration, issued, shape, data: data)
        let ends: [TokenTypeHint: Timestamp?] = [
            .accessToken: issued.tokenExpiresAt, .refreshToken: issued.refreshTokenExpiresAt,
        ]
        progress = RevocationProgress(ends: ends.compactMapValues(\.self))
    }

    /// Returns the tokens that have still to be revoked, in the provider's order. A token that is
    /// its own refresh token is returned once.
    ///
    /// - Parameter now: `nil` counts expired tokens, too.
    func left(
        of tokens: OAuthTokens, now: Timestamp?
    ) -> [(kind: TokenTypeHint, token: String)] {
        var left = shape.tokens.compactMap { kind -> (kind: TokenTypeHint, token: String)? in
            let token = kind == .accessToken ? tokens.accessToken : tokens.refreshToken
            guard let token, !progress.isDone(kind, now: now) else { return nil }
            return (kind, token)
        }
        if tokens.refreshesItself, !progress.accepted.isEmpty { left = [] }
        return left
    }

    /// - Throws: ``OAuthError/badKey(_:)``.
    func endpoint(
        _ secrets: ClientSecrets, _ transport: any HTTPTransport, _ clock: Clock
    ) throws -> RevocationEndpoint {
        RevocationEndpoint(
            url: url, client: try client.client(secrets, clock), shape: shape, values: values,
            transport: transport)
    }
}

extension RevocationTarget {
    /// The form in which it is stored.
    var json: JSONValue {
        .object(
            [("integration", .string(integration)), ("url", .string(url))] + client.members + [
                ("shape", shape.json), ("renewal", refresh?.json ?? .null),
                ("progress", progress.json),
                (
                    "values",
                    .object(
                        values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
                ),
            ])
    }

    /// Older versions stored neither shape nor values.
    init(json: JSONValue) {
        integration = json["integration"]?.stringValue ?? ""
        url = json["url"]?.stringValue ?? ""
        client = ClientIdentity(json: json)
        var reader = DefinitionReader(json["shape"]?.members ?? [])
        shape = json["shape"] == nil ? RevocationShape() : RevocationShape.read(&reader)
        refresh = RevocationRefresh(json: json["renewal"])
        progress = RevocationProgress(json: json["progress"])
        let members = json["values"]?.members ?? []
        values = Dictionary(
            members.compactMap { member in member.value.stringValue.map { (member.name, $0) } }
        ) { first, _ in first }
    }
}
