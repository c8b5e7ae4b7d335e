/// The form of a provider's revocation requests. RFC 7009 is one form of many.
package struct RevocationShape: Equatable, Sendable {
    package var method = Method.post
    /// The tokens to revoke, in order, by a request each; when empty, one request that names none.
    package var tokens: [TokenTypeHint] = [.refreshToken, .accessToken]
    package var place = TokenPlace.form(name: "token")
    /// Whether `token_type_hint` is sent beside the token (RFC 7009 §2.1).
    package var sendsHint = true
    package var authentication = Authentication.client
    /// Further header fields; the values are ``Template``s.
    package var headers: [(name: String, value: String)] = []
    /// Further parameters, in the form, the JSON object or the query; the values are
    /// ``Template``s.
    package var parameters: [(name: String, value: String)] = []

    /// Creates the form of RFC 7009 §2.1, with the refresh token first: it could obtain new ones.
    package init() {}

    package enum Method: String, Sendable, CaseIterable {
        case post = "POST"
        case delete = "DELETE"
        case get = "GET"
    }

    /// The client's authentication.
    package enum Authentication: String, Sendable, CaseIterable {
        /// As at the token endpoint.
        case client
        case basic
        case post
        /// No authentication: the token proves enough, or a header field of ``headers`` does.
        case none
    }

    package static func == (left: RevocationShape, right: RevocationShape) -> Bool {
        left.method == right.method && left.tokens == right.tokens && left.place == right.place
            && left.sendsHint == right.sendsHint && left.authentication == right.authentication
            && left.headers.elementsEqual(right.headers, by: ==)
            && left.parameters.elementsEqual(right.parameters, by: ==)
    }
}

/// The place of the token in the request that revokes it.
package enum TokenPlace: Equatable, Sendable {
    case form(name: String)
    case json(name: String)
    case query(name: String)
    /// The prefix stands before the token, its space included: `Bearer `.
    case header(name: String, prefix: String)
    /// The place of `{token}` in the URL.
    case url

    /// Whether the token itself authorizes the request.
    package var isProof: Bool {
        switch self {
        case .header: true
        default: false
        }
    }
}
