import ArgumentParser
import Foundation

/// Options for the provider's settings at the start; `/control/settings` can change all of them.
struct BehaviourOptions: ParsableArguments {
    @Option(help: "The URL of the provider, without a slash at the end.")
    var issuer: String

    @Option(help: "A client, id:secret, or id alone for a public one. May be repeated.")
    var client: [String] = []

    @Option(help: "A client's public key, id:file, in PEM. May be repeated.")
    var clientKey: [String] = []

    @Option(
        name: .customLong("redirect-uri"),
        help: "A redirect URI that clients may use, exactly. May be repeated.")
    var redirectURI: [String] = []

    @Option(help: "A user who can be chosen. May be repeated. (default: alice, bob, carol)")
    var user: [String] = []

    @Option(help: "A scope that may be requested. May be repeated. (default: any)")
    var scope: [String] = []

    @Flag(help: "Approve every authorization request at once, without a page.")
    var autoApprove = false

    @Option(help: "Whether a code challenge (S256) is required or optional.")
    var pkce = "required"

    @Option(help: "The iss parameter of RFC 9207: on, off, or a wrong text to send.")
    var iss = "on"

    @Option(help: "How clients must authenticate: any, basic, post or private_key_jwt.")
    var clientAuthentication = ClientAuthenticationMethod.any

    @Option(help: "The seconds that a code is valid.")
    var codeLifetime = 60

    @Option(help: "The seconds that an access token is valid.")
    var accessTokenLifetime = 3_600

    @Option(help: "The seconds that a refresh token is valid; 0 means for ever.")
    var refreshTokenLifetime = 0

    @Option(help: "The result of a refresh: on, a new refresh token; off, none; same, the old one.")
    var rotation = Rotation.on

    @Option(help: "The seconds that a replaced refresh token is still accepted.")
    var gracePeriod = 0

    @Flag(help: "Refuse a refresh token that is used twice without ending its grant.")
    var noReuseDetection = false

    @Flag(help: "Leave expires_in out of the answers.")
    var noExpiresIn = false

    @Flag(help: "Issue no refresh tokens.")
    var noRefreshTokens = false

    /// - Throws: `ValidationError` that describes the problem.
    func settings() throws -> MockSettings {
        var settings = MockSettings(
            issuer: issuer, clients: try clients(), redirectURIs: try redirectURIs())
        for (id, key) in try clientKeys() { settings.register(key, for: id) }
        if !user.isEmpty { settings.users = user }
        settings.scopes = scope
        settings.autoApprove = autoApprove
        settings.requirePKCE = try requirePKCE()
        settings.issuerParameter = IssuerParameter(iss)
        settings.clientAuthentication = clientAuthentication
        settings.codeLifetime = codeLifetime
        settings.accessTokenLifetime = accessTokenLifetime
        settings.refreshTokenLifetime = refreshTokenLifetime
        settings.rotation = rotation
        settings.gracePeriod = gracePeriod
        settings.reuseDetection = !noReuseDetection
        settings.sendExpiresIn = !noExpiresIn
        settings.issueRefreshToken = !noRefreshTokens
        return settings
    }

    private func clients() throws -> [RegisteredClient] {
        try client.map { text in
            guard let client = RegisteredClient(text) else {
                throw ValidationError("--client must be id:secret or id, not '\(text)'")
            }
            return client
        }
    }

    private func clientKeys() throws -> [(String, RegisteredKey)] {
        try clientKey.map { text in
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2,
                let pem = try? String(contentsOfFile: String(parts[1]), encoding: .utf8),
                let key = RegisteredKey(pem: pem)
            else {
                throw ValidationError(
                    "--client-key must be id:file with a public key in PEM, not '\(text)'")
            }
            return (String(parts[0]), key)
        }
    }

    /// Returns the redirect URIs, which must be absolute and without a fragment (RFC 6749 §3.1.2).
    private func redirectURIs() throws -> [String] {
        for uri in redirectURI where uri.contains("#") || !uri.contains("://") {
            throw ValidationError("--redirect-uri must be absolute, without '#', not '\(uri)'")
        }
        return redirectURI
    }

    private func requirePKCE() throws -> Bool {
        guard pkce == "required" || pkce == "optional" else {
            throw ValidationError("--pkce must be required or optional, not '\(pkce)'")
        }
        return pkce == "required"
    }
}

extension Rotation: ExpressibleByArgument {}
extension ClientAuthenticationMethod: ExpressibleByArgument {}
