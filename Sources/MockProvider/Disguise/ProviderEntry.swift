import Encoding

/// What a catalogue's entry says about a provider, read from its JSON and from nothing else: what
/// the service makes of an entry is not looked at here, so that both can be compared.
struct ProviderEntry {
    /// The fields of an integration.
    let json: JSONValue
    /// What the names in braces stand for.
    private var values: [String: String] = [:]

    /// A value that is kept about a connection.
    struct Datum {
        let name: String
        let source: String
        /// Where the provider says it.
        let path: String
        let value: String
    }

    /// What is kept about a connection; only what has a value.
    let data: [Datum]

    /// - Parameter given: Values by name; the rest are the entry's defaults where people are asked
    ///   for them, and else its examples.
    init(_ json: JSONValue, given: [String: String], clientID: String) {
        self.json = json
        values["clientId"] = clientID
        data = (json["connectionData"]?.members ?? []).compactMap { member in
            let datum = member.value
            let source = datum["from"]?.stringValue ?? "user"
            let (example, usual) = (datum["example"]?.scalarText, datum["default"]?.scalarText)
            let isAsked = source == "user" || source == "operator"
            let value = given[member.name] ?? (isAsked ? usual ?? example : example ?? usual)
            return value.map {
                Datum(
                    name: member.name, source: source,
                    path: datum["name"]?.stringValue ?? member.name, value: $0)
            }
        }
        for datum in data {
            values[datum.name] = datum.value
            values["data." + datum.name] = datum.value
        }
    }

    /// A field's text; a name may lead into objects.
    func text(_ names: String...) -> String? {
        names.reduce(Optional(json)) { $0?[$1] }?.scalarText
    }

    /// The text with what the names in braces stand for; those that stand for nothing are kept.
    func filled(_ text: String, _ further: [String: String] = [:]) -> String {
        values.merging(further) { $1 }.reduce(text) { text, value in
            text.replacing("{\(value.key)}", with: value.value)
        }
    }

    /// A URL of the entry.
    func address(_ name: String, _ further: [String: String] = [:]) -> EntryAddress? {
        json[name]?.stringValue.flatMap { EntryAddress(filled($0, further)) }
    }

    /// An object of texts, filled.
    func fields(_ value: JSONValue?, _ further: [String: String] = [:]) -> [Form.Field] {
        (value?.members ?? []).compactMap { member in
            member.value.scalarText.map { Form.Field(member.name, filled($0, further)) }
        }
    }

    /// A list of texts.
    func list(_ value: JSONValue?) -> [String]? {
        value?.elements?.compactMap(\.stringValue)
    }

    var authType: String { text("authType") ?? "oauth2" }
    var grant: String { text("grant") ?? "authorization_code" }
    var clientAuthentication: String { text("clientAuthentication") ?? "post" }
    var sendsChallenge: Bool { json["pkce"]?.boolValue ?? true }
    var resources: [String] { list(json["resource"]) ?? [] }

    /// The scope, as requests carry it and as answers repeat it.
    var scope: String? {
        scopes(in: text("scope"))?.joined(separator: scopeSeparator)
    }

    var scopeSeparator: String { text("scopeSeparator") ?? " " }

    /// The scopes of a text that separates them by spaces.
    func scopes(in text: String?) -> [String]? {
        text?.split(separator: " ").map(String.init)
    }

    /// Whether it is OpenID Connect that is spoken.
    var asksForIdentity: Bool {
        (text("scope") ?? "").split(separator: " ").contains("openid")
    }

    /// What becomes of a refresh token that is used: each works once unless the entry says more.
    var rotation: String { text("refresh", "rotation") ?? "single-use" }

    /// Whether grants come with a refresh token.
    var hasRefreshToken: Bool { rotation != "none" && grant == "authorization_code" }
}
