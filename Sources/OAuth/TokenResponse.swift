import Encoding

/// The tokens that a provider gave (RFC 6749 §5.1).
///
/// Strict about the access token and its type, lenient about the rest: a valid token, and with it
/// perhaps the only valid refresh token, is not thrown away for a lifetime that can't be read.
package struct TokenResponse: Sendable {
    package let accessToken: String
    /// As the provider wrote it; `Bearer` when it said nothing.
    package let tokenType: String
    /// Seconds from now; `nil` when the provider doesn't say, or says nothing sensible.
    package let expiresIn: Int?
    /// `nil` when none came: the old one, if there is one, stays (RFC 6749 §6).
    package let refreshToken: String?
    /// Seconds from now; no standard has it, but many providers do.
    package let refreshTokenExpiresIn: Int?
    /// What was granted, where the provider says so; a list is joined by spaces.
    package let scope: String?
    /// Everything that it said, tokens included: for picking out `instance_url` and the like.
    package let members: JSONValue

    /// - Parameter acceptedTypes: The token types to accept, in small letters. A missing type
    ///   counts as Bearer: RFC 6749 §5.1 requires it, yet providers of rank leave it out, and
    ///   nothing else would be sent without a word.
    /// - Throws: ``OAuthError/malformedResponse(_:)`` without a usable access token,
    ///   ``OAuthError/wrongTokenType(_:)`` (SECURITY.md 14).
    package init(
        members: JSONValue, acceptedTypes: [String] = ["bearer"]
    ) throws(OAuthError) {
        guard let accessToken = members["access_token"]?.stringValue, !accessToken.isEmpty else {
            throw .malformedResponse("there is no access token")
        }
        // RFC 6749 appendix A.12; a line break would begin a header field of its own.
        guard accessToken.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .malformedResponse("the access token has a character that no token has")
        }
        let tokenType = try Self.tokenType(in: members, accepted: acceptedTypes)
        self.accessToken = accessToken
        self.tokenType = tokenType
        expiresIn = Lifetime.seconds(members["expires_in"])
        refreshToken = members["refresh_token"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        refreshTokenExpiresIn =
            Self.refreshLifetimes.lazy
            .compactMap { Lifetime.seconds(members[$0]) }.first
        scope = Self.scope(members["scope"])
        self.members = members
    }

    /// GitHub and Shopify; QuickBooks; Keycloak.
    private static let refreshLifetimes = [
        "refresh_token_expires_in", "x_refresh_token_expires_in", "refresh_expires_in",
    ]

    private static func tokenType(
        in members: JSONValue, accepted: [String]
    ) throws(OAuthError) -> String {
        guard let value = members["token_type"], value != .null, value != .string("") else {
            return "Bearer"
        }
        // RFC 6749 §5.1: the value is case insensitive.
        let name = value.stringValue?.lowercased() ?? ErrorCode.other
        guard accepted.contains(name) else {
            throw .wrongTokenType(knownTypes.contains(name) ? name : ErrorCode.other)
        }
        return value.stringValue ?? "Bearer"
    }

    private static let knownTypes: Set<String> = ["bearer", "dpop", "mac", "pop", "n_a"]

    private static func scope(_ value: JSONValue?) -> String? {
        let texts = value?.elements?.compactMap(\.stringValue)
        let text = texts.map { $0.joined(separator: " ") } ?? value?.stringValue
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension TokenResponse: CustomStringConvertible, CustomReflectable {
    /// Never a token: descriptions end in logs (SECURITY.md 26).
    package var description: String {
        "TokenResponse(\(refreshToken == nil ? "no refresh token" : "with refresh token"))"
    }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
