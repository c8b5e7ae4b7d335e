import Connections
import Integrations
import Templates

/// One thing that ``ConnectPage`` asks for.
struct ConnectField {
    /// As the form sends it.
    let name: String
    let label: String
    var value = ""
    var isOptional = false
    /// Whether it is a credential: hidden while it is typed, and never filled in by us.
    var isSecret = false
    var pattern: String?
    var hint: String?
    /// The longest value that can be right, in characters.
    var longest = 16_384
    /// Whether the page says where to find it.
    var isHelped = false
    /// The error in the value.
    var problem: String?

    /// - Parameter hasFocus: Whether the user begins to type here.
    func values(hasFocus: Bool) -> [String: Any] {
        var values: [String: Any] = [
            "id": name, "label": label, "type": isSecret ? "password" : "text", "value": value,
            "longest": longest, "isOptional": isOptional, "hasFocus": hasFocus,
            "isHelped": isHelped,
            // "off" is not listened to where browsers see a password.
            "autocomplete": isSecret ? "new-password" : "off",
        ]
        values["pattern"] = pattern
        values["hint"] = hint
        values["problem"] = problem
        return values
    }
}

extension ConnectField {
    /// Creates the field for a value that the integration needs from the user who connects.
    ///
    /// - Parameters:
    ///   - given: The value that there is already.
    ///   - isFilledIn: Whether the user was asked before.
    init(_ datum: ConnectionDatum, given: String?, isFilledIn: Bool) {
        let value = given ?? (isFilledIn ? "" : datum.fallback ?? "")
        self.init(
            name: ConnectVisit.data + datum.name, label: datum.title ?? datum.name, value: value,
            isOptional: !datum.isAsked,
            pattern: datum.pattern.flatMap { ValuePattern($0)?.html },
            hint: datum.example.map { "Such as \($0)" }, longest: 255)
        problem = Self.problem(datum, given, isFilledIn)
    }

    private static func problem(
        _ datum: ConnectionDatum, _ given: String?, _ isFilledIn: Bool
    ) -> String? {
        guard let given else {
            return isFilledIn && datum.isAsked ? "Please fill this in." : nil
        }
        if datum.accepts(given) { return nil }
        if datum.example != nil { return "This cannot be right." }
        return datum.pattern.map { "This cannot be right. It has to match \($0)." }
            ?? "This is too long, or has characters that do not belong here."
    }

    /// Returns the fields of the integration's credential, by the names that people know.
    static func credential(_ definition: IntegrationDefinition, username: String) -> [ConnectField]
    {
        let form = definition.credentialForm
        func secret(_ name: String, label: String) -> ConnectField {
            ConnectField(name: name, label: label, isSecret: true, isHelped: form.help != nil)
        }
        return switch definition.authType {
        case .oauth2: []
        case .apiKey: [secret("apiKey", label: form.apiKey ?? "API key")]
        case .basic:
            [
                ConnectField(
                    name: "username", label: form.username ?? "User name", value: username,
                    isHelped: form.help != nil),
                secret("password", label: form.password ?? "Password"),
            ]
        case .bearer: [secret("token", label: form.token ?? "Token")]
        }
    }
}
