import Encoding

extension MockSettings {
    /// The settings in the form of `GET /control/settings`.
    var json: JSONValue {
        .object([
            ("issuer", .string(issuer)),
            ("redirectUris", Self.list(redirectURIs)), ("users", Self.list(users)),
            ("scopes", Self.list(scopes)), ("grantedScope", .string(orNull: grantedScope)),
            ("autoApprove", .bool(autoApprove)),
            ("pkce", requirePKCE ? "required" : "optional"),
            ("iss", .string(issuerParameter.text)),
            (
                "clientKeys",
                .object(
                    clientKeys.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value.pem)) })
            ),
            ("clientAuthentication", .string(clientAuthentication.rawValue)),
            ("codeLifetime", .integer(codeLifetime)),
            ("accessTokenLifetime", .integer(accessTokenLifetime)),
            ("refreshTokenLifetime", .integer(refreshTokenLifetime)),
            ("expiresIn", .bool(sendExpiresIn)), ("refreshTokens", .bool(issueRefreshToken)),
            ("rotation", .string(rotation.rawValue)), ("reuseDetection", .bool(reuseDetection)),
            ("gracePeriod", .integer(gracePeriod)), ("revokeEndsGrant", .bool(revokeEndsGrant)),
            ("files", .integer(files)), ("apiKey", .string(apiKey)),
            ("basicCredentials", .string(basicCredentials)),
        ])
    }

    private static func list(_ texts: [String]) -> JSONValue {
        .array(texts.map { .string($0) })
    }

    /// Changes the settings that the body names.
    ///
    /// - Throws: ``ControlError`` that names an unknown or wrong member.
    mutating func change(_ body: ControlBody) throws(ControlError) {
        try body.refuseMembers(except: Set((json.members ?? []).map(\.name)))
        try changeProtocol(body)
        try changeLifetimes(body)
        try changeClientKeys(body)
        files = try body.number("files", in: 0...1_000_000) ?? files
        apiKey = try body.text("apiKey") ?? apiKey
        basicCredentials = try body.text("basicCredentials") ?? basicCredentials
    }

    private mutating func changeProtocol(_ body: ControlBody) throws(ControlError) {
        issuer = try body.text("issuer") ?? issuer
        redirectURIs = try body.texts("redirectUris") ?? redirectURIs
        users = try body.texts("users") ?? users
        scopes = try body.texts("scopes") ?? scopes
        if body.json["grantedScope"] != nil { grantedScope = try body.text("grantedScope") }
        autoApprove = try body.flag("autoApprove") ?? autoApprove
        issuerParameter = try body.text("iss").map { IssuerParameter($0) } ?? issuerParameter
        clientAuthentication =
            try Self.choice(body, "clientAuthentication") ?? clientAuthentication
        if let text = try body.text("pkce") {
            guard text == "required" || text == "optional" else {
                throw ControlError("pkce must be required or optional")
            }
            requirePKCE = text == "required"
        }
    }

    /// Replaces all keys: PEM texts by the clients' ids.
    private mutating func changeClientKeys(_ body: ControlBody) throws(ControlError) {
        guard let keys = body.json["clientKeys"] else { return }
        guard let members = keys.members else { throw ControlError("clientKeys must be an object") }
        clientKeys = [:]
        for member in members {
            guard let key = member.value.stringValue.flatMap(RegisteredKey.init(pem:)) else {
                throw ControlError("clientKeys: \(member.name) has no public key in PEM")
            }
            register(key, for: member.name)
        }
    }

    private mutating func changeLifetimes(_ body: ControlBody) throws(ControlError) {
        let lifetimes = 0...1_000_000_000
        codeLifetime = try body.number("codeLifetime", in: lifetimes) ?? codeLifetime
        accessTokenLifetime =
            try body.number("accessTokenLifetime", in: lifetimes) ?? accessTokenLifetime
        refreshTokenLifetime =
            try body.number("refreshTokenLifetime", in: lifetimes) ?? refreshTokenLifetime
        sendExpiresIn = try body.flag("expiresIn") ?? sendExpiresIn
        issueRefreshToken = try body.flag("refreshTokens") ?? issueRefreshToken
        rotation = try Self.choice(body, "rotation") ?? rotation
        reuseDetection = try body.flag("reuseDetection") ?? reuseDetection
        gracePeriod = try body.number("gracePeriod", in: lifetimes) ?? gracePeriod
        revokeEndsGrant = try body.flag("revokeEndsGrant") ?? revokeEndsGrant
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ body: ControlBody, _ name: String
    ) throws(ControlError) -> Choice? {
        guard let text = try body.text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw ControlError("\(name) must be one of \(Choice.allCases.map(\.rawValue))")
        }
        return choice
    }
}
