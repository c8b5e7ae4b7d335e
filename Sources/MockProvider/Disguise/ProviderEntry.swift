import Encoding

/// The entry of a provider in a catalogue, read from its JSON alone: it shares no code with the
/// service's own reader of entries, so that the two can be compared.
struct ProviderEntry {
    /// The fields of an integration.
    let json: JSONValue
    /// The values of the names in braces.
    private var values: [String: String] = [:]

    /// A value that is kept about a connection.
    struct Datum {
        let name: String
        let source: String
        /// The path of the value in the provider's answer.
        let path: String
        let value: String
    }

    /// The data of a connection that have a value.
    let data: [Datum]

    /// - Parameter given: Values by name. The others are the entry's defaults where people are
    ///   asked for them, and its examples elsewhere.
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

    /// Returns the text of a field; several names lead into objects.
    func text(_ names: String...) -> String? {
        names.reduce(Optional(json)) { $0?[$1] }?.scalarText
    }

    /// Returns the text with the values of the names in braces; unknown names are kept.
    func filled(_ text: String, _ further: [String: String] = [:]) -> String {
        values.merging(further) { $1 }.reduce(text) { text, value in
            text.replacing("{\(value.key)}", with: value.value)
        }
    }

    /// Returns a URL of the entry.
    func address(_ name: String, _ further: [String: String] = [:]) -> EntryAddress? {
        json[name]?.stringValue.flatMap { EntryAddress(filled($0, further)) }
    }

    /// Returns an object of texts, filled.
    func fields(_ value: JSONValue?, _ further: [String: String] = [:]) -> [Form.Field] {
        (value?.members ?? []).compactMap { member in
            member.value.scalarText.map { Form.Field(member.name, filled($0, further)) }
        }
    }

    /// Returns a list of texts.
    func list(_ value: JSONValue?) -> [String]? {
        value?.elements?.compactMap(\.stringValue)
    }

    var authType: String { text("authType") ?? "oauth2" }
    var grant: String { text("grant") ?? "authorization_code" }
    var clientAuthentication: String { text("clientAuthentication") ?? "post" }
    var sendsChallenge: Bool { json["pkce"]?.boolValue ?? true }
    var resources: [String] { list(json["resource"]) ?? [] }

    /// The scope, in the form of requests and answers.
    var scope: String? {
        scopes(in: text("scope"))?.joined(separator: scopeSeparator)
    }

    var scopeSeparator: String { text("scopeSeparator") ?? " " }

    /// Returns the scopes of a text that separates them by spaces.
    func scopes(in text: String?) -> [String]? {
        text?.split(separator: " ").map(String.init)
    }

    /// Whether the requests are OpenID Connect.
    var asksForIdentity: Bool {
        (text("scope") ?? "").split(separator: " ").contains("openid")
    }

    /// The fate of a refresh token that is used: by default each works once.
    var rotation: String { text("refresh", "rotation") ?? "single-use" }

    /// Whether grants come with a refresh token.
    var hasRefreshToken: Bool { rotation != "none" && grant == "authorization_code" }
}
