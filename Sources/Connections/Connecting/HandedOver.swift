import Encoding
import Integrations
import Primitives

/// The body of `POST …/connect`: exactly one of these forms.
enum HandedOver: Equatable {
    case code(String, redirectURI: String?, codeVerifier: String?)
    case refreshToken(String)
    case accessToken(String, refreshToken: String?, expiresIn: Int64?)
    case credential(Credential)
    /// An empty object, for a grant that needs nothing from the user: client credentials.
    case nothing

    private static let forms: [(required: [String], optional: [String])] = [
        (["code"], ["redirectUri", "codeVerifier"]),
        (["accessToken"], ["refreshToken", "expiresIn"]),
        (["refreshToken"], []),
        (["apiKey"], []),
        (["username", "password"], []),
        (["token"], []),
        ([], []),
    ]

    /// Separates `data`, which may accompany each form, from the rest of the body.
    static func splitting(
        _ json: JSONValue
    ) throws -> (credential: JSONValue, data: [(name: String, value: String)]) {
        guard let members = json.members, let data = json["data"] else { return (json, []) }
        let credential = JSONValue.object(members.filter { $0.name != "data" })
        guard data != .null else { return (credential, []) }
        let values = data.members?.compactMap { member in
            member.value.stringValue.map { (name: member.name, value: $0) }
        }
        guard let values, values.count == data.members?.count else {
            throw invalid("'data' must be an object of texts.")
        }
        return (credential, values)
    }

    /// - Throws: ``InputError/invalid(code:detail:)``, which names the fields in question.
    init(_ json: JSONValue) throws {
        guard let members = json.members else {
            throw Self.invalid("The body must be a JSON object.")
        }
        let names = members.map(\.name)
        let known = Set(Self.forms.flatMap { $0.required + $0.optional })
        let unknown = names.filter { !known.contains($0) }
        guard unknown.isEmpty else {
            throw Self.invalid(
                "Not allowed here: \(unknown.map { "'\($0.prefix(64))'" }.abbreviated()).")
        }
        let fits = Self.forms.contains { form in
            form.required.allSatisfy(names.contains)
                && names.allSatisfy((form.required + form.optional).contains)
        }
        guard fits else {
            throw Self.invalid(
                "The fields \(names.joined(separator: ", ")) do not go together: send a code, a "
                    + "refreshToken, an accessToken, an apiKey, a username with a password, or a "
                    + "token.")
        }
        self = try Self.read(json)
    }

    private static func read(_ json: JSONValue) throws -> HandedOver {
        if let code = try text("code", json) {
            return .code(
                code, redirectURI: try text("redirectUri", json),
                codeVerifier: try text("codeVerifier", json))
        }
        if let token = try asciiToken("accessToken", json) {
            return .accessToken(
                token, refreshToken: try asciiToken("refreshToken", json),
                expiresIn: try seconds("expiresIn", json))
        }
        if let token = try asciiToken("refreshToken", json) { return .refreshToken(token) }
        if let key = try text("apiKey", json) { return .credential(.apiKey(key)) }
        if let username = try text("username", json), let password = try text("password", json) {
            guard !username.contains(":") else {
                // RFC 7617 §2: the first colon ends the user's name.
                throw invalid("'username' must not contain a colon.")
            }
            return .credential(.basic(username: username, password: password))
        }
        if let token = try asciiToken("token", json) { return .credential(.bearer(token)) }
        return .nothing
    }

    /// A token: RFC 6749 appendices A.12 and A.17 have it of printable ASCII, spaces included.
    private static func asciiToken(_ name: String, _ json: JSONValue) throws -> String? {
        guard let token = try text(name, json) else { return nil }
        guard token.utf8.allSatisfy(\.isASCIIPrintable) else {
            throw invalid("'\(name)' must be of printable ASCII characters.")
        }
        return token
    }

    /// The most bytes of a text; longer header fields are refused nearly everywhere.
    private static let longest = 16_384

    /// A text that can stand in a header field, or `nil` when the member is absent.
    private static func text(_ name: String, _ json: JSONValue) throws -> String? {
        guard let value = json[name] else { return nil }
        guard let text = value.stringValue, !text.isEmpty,
            text.utf8.allSatisfy({ !$0.isASCIIControl })
        else {
            throw invalid("'\(name)' must be a text, not empty and without control characters.")
        }
        guard text.utf8.count <= longest else {
            throw invalid("'\(name)' must not be longer than \(longest) bytes.")
        }
        return text
    }

    private static func seconds(_ name: String, _ json: JSONValue) throws -> Int64? {
        guard let value = json[name] else { return nil }
        guard let seconds = value.intValue, (1...3_153_600_000).contains(seconds) else {
            throw invalid("'\(name)' must be a number of seconds above 0.")
        }
        return Int64(seconds)
    }

    /// The sources that give no data for a connection that is made in this form.
    var unaskedSources: Set<ConnectionDatum.Source> {
        switch self {
        case .code, .refreshToken, .nothing: [.callback]
        case .accessToken, .credential: [.callback, .token]
        }
    }

    /// The sources whose data the caller may send along, because the provider is not asked, or
    /// leaves it out when it answers a refresh; what the provider does say takes precedence.
    var replacedSources: Set<ConnectionDatum.Source> {
        switch self {
        case .code, .nothing: [.callback]
        case .refreshToken, .accessToken, .credential: [.callback, .token]
        }
    }

    /// Refuses a form that the integration has no use for.
    func check(fits definition: IntegrationDefinition) throws {
        let fits =
            switch (self, definition.authType) {
            case (.code, .oauth2): definition.grant.consent == .user
            case (.nothing, .oauth2): definition.grant.consent == .none
            case (.refreshToken, .oauth2), (.accessToken, .oauth2): true
            case (.credential(.apiKey), .apiKey), (.credential(.basic), .basic),
                (.credential(.bearer), .bearer):
                true
            default: false
            }
        guard fits else {
            throw Self.invalid(
                "The integration's authType is '\(definition.authType.rawValue)': it takes "
                    + Self.expected(by: definition) + ".")
        }
    }

    private static func expected(by definition: IntegrationDefinition) -> String {
        switch (definition.authType, definition.grant.consent) {
        case (.oauth2, .user): "a code, a refreshToken or an accessToken"
        case (.oauth2, .none): "an empty object, a refreshToken or an accessToken"
        case (.apiKey, _): "an apiKey"
        case (.basic, _): "a username and a password"
        case (.bearer, _): "a token"
        }
    }

    private static func invalid(_ detail: String) -> InputError {
        .invalid(code: .invalidCredential, detail: detail)
    }
}
