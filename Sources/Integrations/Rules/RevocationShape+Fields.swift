import HTTPTypes
import OAuth

/// The field `revocation` of an integration. Members that are absent are as in RFC 7009.
extension RevocationShape: FieldedObject {
    package enum Place: String, CaseIterable, Sendable {
        case form
        case json
        case query
        case header
        case url
    }

    package static var initial: RevocationShape { RevocationShape() }

    package static let fields: [Field<RevocationShape>] = [
        Field("method", \.method, .choice, "The method."),
        Field(
            "tokens", \.tokens, .choices(),
            """
            The tokens to revoke, by a request each, in this order; an empty list stands for one \
            request that names none. `[refresh_token, access_token]` unless set.
            """),
        Field(
            "in", .choice, standard: "form", get: \.place.place,
            set: { $0.place = TokenPlace($1 ?? .form) },
            "The token's place; with `url`, `{token}` stands in the URL's path or query."),
        Field(
            "name", .text, get: \.place.name, set: { $0.place.name = $1 },
            """
            The parameter or header field that carries the token: `token`, or `Authorization`, \
            unless set.
            """),
        Field(
            "prefix", .text, get: \.place.prefix, set: { $0.place.prefix = $1 },
            """
            The text before the token in a header field, its space included: `Bearer ` in \
            `Authorization`, unless set.
            """),
        Field(
            "hint", .flag, get: \.sendsHint,
            set: { $0.sendsHint = $1 ?? ($0.place == .form(name: "token") && $0.method == .post) },
            "Whether `token_type_hint` is sent; by default, where the rest is as in RFC 7009."),
        Field(
            "authentication", .choice, get: \.authentication,
            set: { $0.authentication = $1 ?? ($0.place.isProof ? .none : .client) },
            """
            The client's authentication; `client` means as at the token endpoint, and is the \
            default, except that it is `none` with `in: header`.
            """),
        Field(
            "headers", .headers(of: .revocation), get: { $0.headers.map(Parameter.init) },
            set: { $0.headers = ($1 ?? []).map { ($0.name, $0.value) } },
            """
            Further header fields. Here and in `parameters`, `{clientId}`, `{clientSecret}`, \
            `{token}` and `{data.NAME}`, a value that is kept about the connection, stand for \
            their values.
            """),
        Field(
            "parameters", .parameters(of: .revocation), get: { $0.parameters.map(Parameter.init) },
            set: { $0.parameters = ($1 ?? []).map { ($0.name, $0.value) } },
            "Further parameters, in the form, the JSON object or the query."),
    ]

    private typealias Parameter = IntegrationDefinition.Parameter

    package func checkRules(_ reader: inout DefinitionReader) {
        reader.requireFields(headers.map(Parameter.init))
        if case .header(let name, let prefix) = place {
            reader.require(
                HTTPField.Name(name) != nil && HTTPField.isValidValue(prefix + "token"),
                "'name' is a header that cannot carry a token")
        }
    }
}

/// The parts of a token's place by the names of the fields; absent where the place has none.
extension TokenPlace {
    fileprivate init(_ place: RevocationShape.Place) {
        switch place {
        case .form: self = .form(name: "token")
        case .json: self = .json(name: "token")
        case .query: self = .query(name: "token")
        case .header: self = .header(name: "Authorization", prefix: "")
        case .url: self = .url
        }
    }

    fileprivate var place: RevocationShape.Place {
        switch self {
        case .form: .form
        case .json: .json
        case .query: .query
        case .header: .header
        case .url: .url
        }
    }

    fileprivate var name: String? {
        get {
            switch self {
            case .form(let name), .json(let name), .query(let name), .header(let name, _): name
            case .url: nil
            }
        }
        set {
            guard let newValue else { return }
            switch self {
            case .form: self = .form(name: newValue)
            case .json: self = .json(name: newValue)
            case .query: self = .query(name: newValue)
            case .header(_, let prefix): self = .header(name: newValue, prefix: prefix)
            case .url: break
            }
        }
    }

    fileprivate var prefix: String? {
        get { if case .header(_, let prefix) = self { prefix } else { nil } }
        set {
            guard case .header(let name, _) = self else { return }
            let usual = name.lowercased() == "authorization" ? "Bearer " : ""
            self = .header(name: name, prefix: newValue ?? usual)
        }
    }
}
