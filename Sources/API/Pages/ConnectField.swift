import Connections

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
    /// What is wrong with the value.
    var problem: String?

    /// - Parameter hasFocus: Whether the user begins to type here.
    func values(hasFocus: Bool) -> [String: Any] {
        var values: [String: Any] = [
            "id": name, "label": label, "type": isSecret ? "password" : "text", "value": value,
            "longest": longest, "isOptional": isOptional, "hasFocus": hasFocus,
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
    /// What the integration wants to know of whoever connects.
    ///
    /// - Parameters:
    ///   - given: The value that there is already.
    ///   - isFilledIn: Whether the user was asked before.
    init(_ datum: ConnectionDatum, given: String?, isFilledIn: Bool) {
        let value = given ?? (isFilledIn ? "" : datum.fallback ?? "")
        self.init(
            name: ConnectVisit.data + datum.name, label: datum.title ?? datum.name, value: value,
            isOptional: !datum.isAsked,
            pattern: datum.pattern.flatMap { HTMLPattern($0)?.text },
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

    /// What the integration's `authType` takes as credential.
    static func credential(_ type: IntegrationDefinition.AuthType, username: String)
        -> [ConnectField]
    {
        switch type {
        case .oauth2: []
        case .apiKey: [ConnectField(name: "apiKey", label: "API key", isSecret: true)]
        case .basic:
            [
                ConnectField(name: "username", label: "User name", value: username),
                ConnectField(name: "password", label: "Password", isSecret: true),
            ]
        case .bearer: [ConnectField(name: "token", label: "Token", isSecret: true)]
        }
    }
}
