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
    /// Seconds since 1970, where the provider says it so.
    package let expiresAt: Int64?
    /// Seconds from now, where the provider says neither.
    private let assumedLifetime: Int?
    /// `nil` when none came: the old one, if there is one, stays (RFC 6749 §6).
    package let refreshToken: String?
    /// Seconds from now; no standard has it, but many providers do.
    package let refreshTokenExpiresIn: Int?
    /// Seconds since 1970, where the provider says it so.
    package let refreshTokenExpiresAt: Int64?
    /// The granted scopes, where the provider names them; a list is joined by spaces.
    package let scope: String?
    /// Everything that it said, tokens included: for picking out `instance_url` and the like.
    package let members: JSONValue

    /// Reads the tokens. A missing token type counts as Bearer: RFC 6749 §5.1 requires it, yet
    /// large providers leave it out, and would name any other type.
    ///
    /// - Throws: ``OAuthError/malformedResponse(_:)`` without a usable access token,
    ///   ``OAuthError/wrongTokenType(_:)`` (SECURITY 14).
    package init(
        members: JSONValue, shape: TokenResponseShape = TokenResponseShape()
    ) throws(OAuthError) {
        guard let tokens = shape.tokens(in: members),
            let accessToken = shape.text(.accessToken, in: tokens)
        else { throw .malformedResponse("there is no access token") }
        // RFC 6749 appendix A.12; a line break would begin a header field of its own.
        guard accessToken.utf8.allSatisfy(\.isASCIIPrintable) else {
            throw .malformedResponse("the access token has a character that no token has")
        }
        self.accessToken = accessToken
        tokenType = try Self.tokenType(
            shape.values(.tokenType, in: tokens).first, accepted: ["bearer"] + shape.tokenTypes,
            beside: accessToken)
        refreshToken = shape.text(.refreshToken, in: tokens)
        expiresIn = Self.seconds(.expiresIn, tokens, shape)
        expiresAt = Self.moment(.expiresAt, tokens, shape)
        assumedLifetime = shape.lifetime
        refreshTokenExpiresIn = Self.seconds(.refreshTokenExpiresIn, tokens, shape)
        refreshTokenExpiresAt = Self.moment(.refreshTokenExpiresAt, tokens, shape)
        scope = shape.values(.scope, in: tokens).first.flatMap(ScopeList.text)
        self.members = members
    }

    /// Returns the time at which the access token expires, in seconds since 1970; `nil` when it is
    /// unknown.
    ///
    /// A time that is not ahead is ignored: the provider's clock is wrong, or ours. It would cause
    /// a refresh with each call, or a dead grant.
    ///
    /// - Parameter now: The time at which the request was sent: lifetimes count from then.
    package func end(askedAt now: Int64) -> Int64? {
        if let expiresIn { return now + Int64(expiresIn) }
        if let expiresAt, expiresAt > now { return expiresAt }
        return assumedLifetime.map { now + Int64($0) }
    }

    /// Returns the time at which the refresh token expires, by the same rule.
    package func refreshTokenEnd(askedAt now: Int64) -> Int64? {
        if let refreshTokenExpiresIn { return now + Int64(refreshTokenExpiresIn) }
        return refreshTokenExpiresAt.flatMap { $0 > now ? $0 : nil }
    }

    private static func moment(
        _ field: TokenResponseShape.Part, _ tokens: JSONValue, _ shape: TokenResponseShape
    ) -> Int64? {
        shape.values(field, in: tokens).lazy.compactMap(Moment.seconds).first
    }

    private static func seconds(
        _ field: TokenResponseShape.Part, _ tokens: JSONValue, _ shape: TokenResponseShape
    ) -> Int? {
        shape.values(field, in: tokens).lazy.compactMap(Lifetime.seconds).first
    }

    private static func tokenType(
        _ value: JSONValue?, accepted: [String], beside token: String
    ) throws(OAuthError) -> String {
        guard let value, value != .null, value != .string("") else {
            return "Bearer"
        }
        // RFC 6749 §5.1: the value is case insensitive.
        let text = value.stringValue ?? ErrorCode.other
        let name = text.lowercased()
        if value.stringValue != nil, accepted.contains(name) { return text }
        if knownTypes.contains(name) { throw .wrongTokenType(name) }
        throw .wrongTokenType(isName(text) && !token.contains(text) ? text : ErrorCode.other)
    }

    private static let knownTypes: Set<String> = ["bearer", "dpop", "mac", "pop", "n_a"]

    /// Whether a type may be shown: a short word of letters, which no token is.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 16 && text.utf8.allSatisfy(\.isASCIILetter)
    }
}

extension TokenResponse: CustomStringConvertible, CustomReflectable {
    /// A text without tokens: descriptions end in logs (SECURITY 26).
    package var description: String {
        "TokenResponse(\(refreshToken == nil ? "no refresh token" : "with refresh token"))"
    }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
