import HTTPTypes

/// The place of a credential in a proxied call.
package enum CredentialPlacement: Equatable, Sendable {
    /// A header field; the prefix stands before the credential, its space included.
    case header(name: String, prefix: String)
    /// A query parameter.
    case query(name: String)
    /// HTTP basic authentication (RFC 7617); `{credential}` may stand in either part.
    case basic(username: String, password: String)
}

extension CredentialPlacement: FieldedObject {
    package enum Place: String, CaseIterable, Sendable {
        case header
        case query
        case basic
    }

    package static var initial: CredentialPlacement { .header(name: "", prefix: "") }

    package static let fields: [Field<CredentialPlacement>] = [
        Field(
            "in", .choice, standard: "header", get: \.place,
            set: { $0 = CredentialPlacement($1 ?? .header) }, "The place."),
        Field(
            "name", .text, traits: .required, when: { $0.place != .basic }, get: \.name,
            set: { $0.name = $1 ?? "" }, "The header field or the query parameter."),
        Field(
            "prefix", .text, when: { $0.place == .header }, get: \.prefix,
            set: { $0.prefix = $1 ?? "" },
            "The text before the credential in a header field, its space included."),
        Field(
            "username", .text, standard: "{credential}", when: { $0.place == .basic },
            get: \.username, set: { $0.username = $1 ?? $0.username },
            "The user name of HTTP basic authentication."),
        Field(
            "password", .text, when: { $0.place == .basic }, get: \.password,
            set: { $0.password = $1 ?? "" },
            "The password; in one of the two, `{credential}` stands for the credential."),
    ]

    package func checkRules(_ reader: inout DefinitionReader) {
        guard case .basic(let username, let password) = self else { return }
        // RFC 7617 §2: the first colon ends the user's name.
        reader.require(!username.contains(":"), "'username' must not contain a colon")
        reader.require(
            (username + password).contains("{credential}"),
            "'username' or 'password' must hold '{credential}'")
    }
}

/// The parts of a placement by the names of the fields.
extension CredentialPlacement {
    private init(_ place: Place) {
        switch place {
        case .header: self = .header(name: "", prefix: "")
        case .query: self = .query(name: "")
        case .basic: self = .basic(username: "{credential}", password: "")
        }
    }

    private var place: Place {
        switch self {
        case .header: .header
        case .query: .query
        case .basic: .basic
        }
    }

    private var name: String {
        get {
            switch self {
            case .header(let name, _), .query(let name): name
            case .basic: ""
            }
        }
        set {
            switch self {
            case .header(_, let prefix): self = .header(name: newValue, prefix: prefix)
            case .query: self = .query(name: newValue)
            case .basic: break
            }
        }
    }

    private var prefix: String {
        get { if case .header(_, let prefix) = self { prefix } else { "" } }
        set { if case .header(let name, _) = self { self = .header(name: name, prefix: newValue) } }
    }

    private var username: String {
        get { if case .basic(let username, _) = self { username } else { "" } }
        set {
            if case .basic(_, let password) = self {
                self = .basic(username: newValue, password: password)
            }
        }
    }

    private var password: String {
        get { if case .basic(_, let password) = self { password } else { "" } }
        set {
            if case .basic(let username, _) = self {
                self = .basic(username: username, password: newValue)
            }
        }
    }
}

extension IntegrationDefinition {
    /// The header field that carries the credential; `nil` when it is carried elsewhere.
    package var credentialField: HTTPField.Name? {
        switch credentialPlacement {
        case .header(let name, _): return HTTPField.Name(name)
        case .query: return nil
        case nil where authType == .apiKey: return HTTPField.Name("X-API-Key")
        case .basic, nil: return .authorization
        }
    }
}
