/// A text in an object's fields that Grantkeeper sends, or sends a request to.
package struct FieldText<Owner: Sendable>: Sendable {
    /// The names of the fields that lead to it, with dots: `refresh.uri`.
    let path: String
    let role: TextRole
    /// Returns the texts, with the names of the parameters or header fields whose values they are.
    let values: @Sendable (Owner) -> [(name: String, text: String)]
    /// Replaces each text.
    let map: @Sendable (inout Owner, (String) -> String) -> Void

    /// Returns the same text of an object that has the owner as a field.
    func lifted<Outer>(
        _ name: String, get: @escaping @Sendable (Outer) -> Owner?,
        set: @escaping @Sendable (inout Outer, Owner?) -> Void
    ) -> FieldText<Outer> {
        FieldText<Outer>(
            path: [name, path].filter { !$0.isEmpty }.joined(separator: "."), role: role,
            values: { [values] in get($0).map(values) ?? [] },
            map: { [map] outer, transform in
                guard var owner = get(outer) else { return }
                map(&owner, transform)
                set(&outer, owner)
            })
    }
}

/// The use of a text in a request to a provider or an API.
package enum TextRole: Equatable, Sendable {
    /// The URL to which requests go.
    case url(ProviderEndpoint)
    /// Values of header fields.
    case headers(ProviderEndpoint)
    /// Values of parameters.
    case parameters(ProviderEndpoint)
    /// A text that is the same for all connections.
    case constant
    /// The subject of an assertion, which may name the connection's owner.
    case subject
    /// A body in JSON, whose braces are its own.
    case body

    /// The endpoint to whose URLs the text belongs; `nil` when it is no URL.
    var endpointOfURL: ProviderEndpoint? {
        if case .url(let endpoint) = self { endpoint } else { nil }
    }

    var placeholders: PlaceholderRule {
        switch self {
        case .url(.revocation), .headers(.revocation), .parameters(.revocation): .revocation
        case .headers(let endpoint) where endpoint.fillsHeaders: .data(endpoint.known)
        case .url(let endpoint): .data(endpoint.known)
        case .headers, .parameters, .constant: .constants
        case .subject: .subject
        case .body: .unchecked
        }
    }
}

/// A server's endpoint to which an integration sends requests.
package enum ProviderEndpoint: CaseIterable, Sendable {
    /// The authorization endpoint (RFC 6749 §3.1), to which the user's browser goes.
    case authorization
    /// The token endpoint (RFC 6749 §3.2).
    case token
    /// The endpoint that refreshes tokens, where it is not the token endpoint.
    case refresh
    /// The revocation endpoint (RFC 7009).
    case revocation
    /// The address of the request that is sent right after connecting.
    case lookup
    /// The API.
    case api

    /// The sources of the values that are known before the request is sent.
    var known: Set<ConnectionDatum.Source> {
        switch self {
        case .authorization: [.operator, .user]
        case .token: [.operator, .user, .callback]
        case .lookup: [.operator, .user, .callback, .token]
        case .refresh, .revocation, .api: Set(ConnectionDatum.Source.allCases)
        }
    }

    /// Whether the values of a connection fill its header fields, too.
    fileprivate var fillsHeaders: Bool {
        switch self {
        case .lookup, .api: true
        case .authorization, .token, .refresh, .revocation: false
        }
    }
}

/// The placeholders that may stand in a text.
enum PlaceholderRule: Equatable {
    /// Names of `connectionData`, with values of these sources.
    case data(Set<ConnectionDatum.Source>)
    /// Names of `connectionData` and those of ``RevocationPlaceholder``.
    case revocation
    /// Values of the operator's, which are filled in when the integration is stored.
    case constants
    /// Those of a constant, and `{userId}`.
    case subject
    /// Any: what is left of them is text.
    case unchecked
}
