import Encoding
import HTTPTypes
import Web

/// The credential that a request to the API must carry.
enum Gate: Sendable {
    /// A valid access token of this provider (RFC 6750).
    case accessToken
    /// The API key or the Basic credentials of the settings: for integrations without OAuth.
    case key
}

extension Gate {
    /// Returns the user that the request may act for, or the answer that refuses it.
    func check(_ request: Request, _ provider: SimulatedProvider) -> GateResult {
        switch self {
        case .accessToken: checkAccessToken(request, provider)
        case .key: checkKey(request, provider.settings)
        }
    }

    private func checkAccessToken(_ request: Request, _ provider: SimulatedProvider) -> GateResult {
        guard let token = Self.credentials("bearer", request) else {
            // RFC 6750 §3.1: no error code for a request without a token.
            return .refused(Self.unauthorized(#"Bearer realm="mock-provider""#, error: "no token"))
        }
        let now = provider.surroundings.now()
        guard let known = provider.withState({ $0.living(accessToken: token, at: now) }) else {
            return .refused(
                Self.unauthorized(
                    #"Bearer realm="mock-provider", error="invalid_token""#, error: "invalid_token")
            )
        }
        return .allowed(user: known.user ?? known.clientID)
    }

    private func checkKey(_ request: Request, _ settings: MockSettings) -> GateResult {
        let keys = [
            HTTPField.Name("X-Api-Key").flatMap { request.headers[$0] },
            request.queryForm?["api_key"], Self.credentials("bearer", request),
        ]
        if keys.contains(where: { $0.map { Text.areEqual($0, settings.apiKey) } ?? false }) {
            return .allowed(user: "key")
        }
        if let text = Self.credentials("basic", request).flatMap(Text.decodeBase64),
            Text.areEqual(text, settings.basicCredentials)
        {
            return .allowed(user: String(text.prefix { $0 != ":" }))
        }
        return .refused(Self.unauthorized(#"Basic realm="mock-provider""#, error: "no valid key"))
    }

    private static func credentials(_ scheme: String, _ request: Request) -> String? {
        guard let field = request.headers[.authorization] else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == scheme ? String(parts[1]) : nil
    }

    private static func unauthorized(_ challenge: String, error: String) -> Response {
        var response = Response.json(["error": .string(error)], status: .unauthorized)
        response.headers[.wwwAuthenticate] = challenge
        return response
    }
}

enum GateResult {
    case allowed(user: String)
    case refused(Response)
}
