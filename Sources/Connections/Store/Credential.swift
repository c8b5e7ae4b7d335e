import Encoding

/// The secret part of a connection, which authenticates calls to an API.
package enum Credential: Equatable, Sendable {
    case oauth(OAuthTokens)
    case apiKey(String)
    case basic(username: String, password: String)
    /// A bearer token that is not refreshed by OAuth.
    case bearer(String)
}

/// An access token, and the refresh token for it.
package struct OAuthTokens: Equatable, Sendable {
    package var accessToken: String
    package var refreshToken: String?

    package init(accessToken: String, refreshToken: String?) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
    }

    /// Returns the tokens that the others do not contain; `nil` when there are none. The access
    /// token stays, even if both have it, when the refresh token differs.
    func without(_ others: OAuthTokens) -> OAuthTokens? {
        let ownRefreshToken = refreshToken == others.refreshToken ? nil : refreshToken
        guard accessToken != others.accessToken || ownRefreshToken != nil else { return nil }
        return OAuthTokens(accessToken: accessToken, refreshToken: ownRefreshToken)
    }

    /// Whether the access token is its own refresh token, as some providers have it.
    var refreshesItself: Bool { refreshToken == accessToken }
}

/// Keeps a credential out of sight where a value is printed by mistake (SECURITY 26).
extension Credential: CustomStringConvertible, CustomReflectable {
    package var description: String { "Credential(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension OAuthTokens: CustomStringConvertible, CustomReflectable {
    package var description: String { "OAuthTokens(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Credential {
    /// The secret texts in it.
    var secrets: [String] {
        switch self {
        case .oauth(let tokens): [tokens.accessToken, tokens.refreshToken].compactMap { $0 }
        case .apiKey(let secret), .bearer(let secret), .basic(_, let secret): [secret]
        }
    }

    /// The form in which it is sealed.
    var bytes: [UInt8] {
        let json: JSONValue =
            switch self {
            case .oauth(let tokens):
                [
                    "accessToken": .string(tokens.accessToken),
                    "refreshToken": .string(orNull: tokens.refreshToken),
                ]
            case .apiKey(let key): ["apiKey": .string(key)]
            case .basic(let username, let password):
                ["username": .string(username), "password": .string(password)]
            case .bearer(let token): ["token": .string(token)]
            }
        return json.encoded()
    }

    init?(bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes) else { return nil }
        if let accessToken = json["accessToken"]?.stringValue {
            self = .oauth(
                OAuthTokens(
                    accessToken: accessToken, refreshToken: json["refreshToken"]?.stringValue))
        } else if let key = json["apiKey"]?.stringValue {
            self = .apiKey(key)
        } else if let username = json["username"]?.stringValue,
            let password = json["password"]?.stringValue
        {
            self = .basic(username: username, password: password)
        } else if let token = json["token"]?.stringValue {
            self = .bearer(token)
        } else {
            return nil
        }
    }
}
