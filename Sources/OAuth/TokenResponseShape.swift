import Encoding

/// The places of the members in a provider's token response that differs from RFC 6749 §5.1.
package struct TokenResponseShape: Equatable, Sendable {
    /// The object that holds the tokens. The whole answer does where it holds none: some providers
    /// have it only in the answer to a code.
    package var container: MemberPath?
    /// The members' places in it, as far as they are not where the standard has them.
    package var paths: [Part: MemberPath] = [:]
    /// The lifetime of an access token when the answer doesn't name it, in seconds.
    package var lifetime: Int?
    /// Token types, in small letters, that are accepted beside `bearer` and mean the same.
    package var tokenTypes: [String] = []
    /// The sign that an answer with status 200 is an error.
    package var failure: Failure?

    /// Creates the shape of RFC 6749 §5.1.
    package init() {}

    /// A part of a token response.
    package enum Part: String, Sendable, CaseIterable {
        case accessToken
        case refreshToken
        case expiresIn
        case expiresAt
        case refreshTokenExpiresIn
        case refreshTokenExpiresAt
        case scope
        case tokenType

        /// The places where it is usually found; no standard has the three in the middle.
        fileprivate var usualPaths: [MemberPath] {
            switch self {
            case .accessToken: [MemberPath(member: "access_token")]
            case .refreshToken: [MemberPath(member: "refresh_token")]
            case .expiresIn: [MemberPath(member: "expires_in")]
            case .expiresAt: [MemberPath(member: "expires_at")]
            // GitHub and Shopify; QuickBooks; Keycloak.
            case .refreshTokenExpiresIn:
                [
                    "refresh_token_expires_in", "x_refresh_token_expires_in", "refresh_expires_in",
                ].map(MemberPath.init(member:))
            case .refreshTokenExpiresAt:
                ["refresh_token_expires_at", "refresh_expires_at"].map(MemberPath.init(member:))
            case .scope: [MemberPath(member: "scope")]
            case .tokenType: [MemberPath(member: "token_type")]
            }
        }
    }

    /// A member that has a certain value in answers that are errors, such as Slack's `"ok": false`.
    package struct Failure: Equatable, Sendable {
        package var member: MemberPath
        /// As text.
        package var value: String

        package init(member: MemberPath, value: String) {
            self.member = member
            self.value = value
        }

        func isTold(by answer: JSONValue) -> Bool {
            member.value(in: answer)?.plainText == value
        }
    }

    /// Whether a way into the whole answer leads to a token.
    package func isToken(_ path: MemberPath) -> Bool {
        let ways = [Part.accessToken, .refreshToken].flatMap {
            paths[$0].map { [$0] } ?? $0.usualPaths
        }
        let prefix = container.map { "\($0.text)." } ?? ""
        return ways.contains { [$0.text, prefix + $0.text].contains(path.text) }
    }

    /// Returns whether the answer says that it is an error.
    func isFailure(_ answer: JSONValue) -> Bool { failure?.isTold(by: answer) == true }

    /// Returns the object that holds the tokens; `nil` when none has an access token.
    func tokens(in answer: JSONValue) -> JSONValue? {
        places(in: answer).first { text(.accessToken, in: $0) != nil }
    }

    /// Returns a member that is a text and not empty.
    func text(_ field: Part, in tokens: JSONValue) -> String? {
        values(field, in: tokens).first?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The names of the members that hold tokens.
    var decisiveNames: [String] {
        [Part.accessToken, .refreshToken].flatMap { paths[$0].map { [$0] } ?? $0.usualPaths }
            .compactMap(\.lastMember)
    }

    /// Returns the objects that may hold the tokens, the likeliest first.
    private func places(in answer: JSONValue) -> [JSONValue] {
        [container?.value(in: answer), answer].compactMap { $0 }
    }

    /// Returns the values from which a member may be read, the likeliest first.
    func values(_ field: Part, in tokens: JSONValue) -> [JSONValue] {
        (paths[field].map { [$0] } ?? field.usualPaths).compactMap { $0.value(in: tokens) }
    }
}
