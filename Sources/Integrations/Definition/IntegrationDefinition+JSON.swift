import Encoding
import OAuth
import Primitives

extension IntegrationDefinition {
    /// Reads a definition.
    ///
    /// - Parameters:
    ///   - json: An object with the fields of this type, and possibly `clientSecret`, `privateKey`
    ///     and `data`.
    /// - Returns: The definition, with `data` in place of its placeholders, and the client's
    ///   secrets.
    /// - Throws: ``InputError/invalid(code:detail:)``, which names every wrong field.
    package static func read(
        _ json: JSONValue
    ) throws -> (definition: IntegrationDefinition, secrets: ClientSecrets) {
        guard let members = json.members else { throw noFields }
        var reader = DefinitionReader(members)
        var definition = read(&reader)
        let secrets = ClientSecrets(
            clientSecret: reader.text("clientSecret"), privateKey: reader.text("privateKey"))
        let data = reader.parameters("data") ?? []
        reader.finish()
        definition.take(secrets.privateKey, &reader)
        definition.fix(data, &reader)
        definition.validate(&reader)
        secrets.validate(&reader)
        try refuse(reader.problems)
        return (definition, secrets)
    }

    package static let noFields = InputError.invalid(
        code: .invalidIntegration, detail: "An integration is an object with fields.")

    /// Reads a definition that was accepted before. Only the forms of its fields are checked:
    /// stricter rules of later versions must not make it, or the list that it is in, unreadable.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)`` when it is damaged.
    package static func read(stored json: JSONValue) throws -> IntegrationDefinition {
        var reader = DefinitionReader(json.members ?? [])
        let definition = read(&reader)
        try refuse(reader.problems)
        return definition
    }

    private static func refuse(_ problems: [String]) throws {
        guard problems.isEmpty else {
            throw InputError.invalid(
                code: .invalidIntegration, detail: problems.joined(separator: "; ") + ".")
        }
    }

    private static func read(_ reader: inout DefinitionReader) -> IntegrationDefinition {
        let slug = reader.requiredText("slug")
        var definition = IntegrationDefinition(
            slug: slug, name: reader.text("name") ?? slug,
            apiBaseUri: reader.templateURL("apiBaseUri") ?? "")
        definition.readDescription(&reader)
        definition.readOAuth(&reader)
        definition.readTokens(&reader)
        definition.readProxying(&reader)
        return definition
    }

    private mutating func readDescription(_ reader: inout DefinitionReader) {
        type = reader.text("type") ?? type
        category = reader.text("category")
        description = reader.text("description")
        mode = reader.choice("mode", Mode.self) ?? mode
        authType = reader.choice("authType", AuthType.self) ?? authType
        sharedManagers = reader.texts("sharedManagers") ?? []
        allowedUsers = reader.texts("allowedUsers")
    }

    private mutating func readOAuth(_ reader: inout DefinitionReader) {
        authUri = reader.templateURL("authUri", mayHaveQuery: true)
        tokenUri = reader.templateURL("tokenUri", mayHaveQuery: true)
        revocationUri = reader.templateURL("revocationUri", mayHaveQuery: true)
        revocation = reader.object("revocation", RevocationShape.read)
        // In YAML a long scope stands on several lines.
        scope = reader.text("scope").map {
            $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        }
        scopeSeparator = reader.choice("scopeSeparator", ScopeSeparator.self) ?? scopeSeparator
        scopeParameter = reader.text("scopeParameter") ?? scopeParameter
        scopeImplies = reader.parameters("scopeImplies") ?? []
        usesPKCE = reader.flag("pkce") ?? usesPKCE
        resources = reader.texts("resource") ?? []
        clientId = reader.textOrNumber("clientId")
        grant = reader.choice("grant", GrantType.self) ?? grant
        clientAuthentication =
            reader.choice("clientAuthentication", ClientAuthentication.self)
            ?? grant.usualClientAuthentication ?? clientAuthentication
        keyId = reader.textOrNumber("keyId")
        signingAlgorithm = reader.choice("signingAlgorithm", SigningAlgorithm.self)
        assertion = reader.object("assertion", AssertionRules.read) ?? assertion
        authorizationParameters = reader.parameters("authorizationParameters") ?? []
        issuer = reader.url("issuer")
        issuerRequired = reader.flag("issuerRequired") ?? false
        redirect = reader.choice("redirect", Redirect.self) ?? redirect
        revokesReplacedTokens = reader.flag("revokesReplacedTokens") ?? false
    }

    private mutating func readTokens(_ reader: inout DefinitionReader) {
        tokenParameters = reader.parameters("tokenParameters") ?? []
        tokenHeaders = reader.parameters("tokenHeaders") ?? []
        tokenFormat = reader.choice("tokenFormat", TokenRequestFormat.self) ?? tokenFormat
        tokenResponse = reader.object("tokenResponse", TokenResponseShape.read) ?? tokenResponse
        refresh = reader.object("refresh", RefreshRules.read) ?? refresh
        lookup = reader.object("lookup", Lookup.read)
        callbackSignature = reader.object("callbackSignature") { reader in
            CallbackSignature(parameter: reader.requiredText("parameter"))
        }
    }

    private mutating func readProxying(_ reader: inout DefinitionReader) {
        apiHosts = reader.baseURLs("apiHosts") ?? []
        connectionData = reader.object("connectionData", ConnectionDatum.read) ?? []
        headers = reader.parameters("headers") ?? []
        forwardHeaders = reader.texts("forwardHeaders") ?? []
        followsRedirects = reader.flag("followRedirects") ?? false
        credentialTestPath = reader.text("credentialTestPath")
        credentialForm = reader.object("credentialForm", CredentialForm.read) ?? credentialForm
        credentialPlacement = reader.object("credentialPlacement", CredentialPlacement.read)
        streamedTypes = reader.mediaTypes("streamedTypes") ?? []
        limits = reader.object("limits", CallLimits.read) ?? limits
        timeouts = reader.object("timeouts", CallTimeouts.read) ?? timeouts
        connections = reader.object("connections", APIConnections.read) ?? connections
        retries = reader.object("retries", RetryRules.read) ?? retries
        rateLimit = reader.object("rateLimit", RateLimitFields.read)
    }

    /// The definition as an object, without the client secret.
    package var json: JSONValue {
        .object(
            publicMembers + [
                ("clientId", .string(orNull: clientId)),
                ("clientAuthentication", .string(clientAuthentication.rawValue)),
                ("grant", .string(grant.rawValue)),
                ("keyId", .string(orNull: keyId)),
                ("signingAlgorithm", .string(orNull: signingAlgorithm?.rawValue)),
                ("assertion", assertion.json),
                ("authorizationParameters", Self.json(authorizationParameters)),
                ("scopeSeparator", .string(scopeSeparator.rawValue)),
                ("scopeParameter", .string(scopeParameter)),
                ("scopeImplies", Self.json(scopeImplies)),
                ("pkce", .bool(usesPKCE)),
                ("resource", .array(resources.map { .string($0) })),
                ("tokenParameters", Self.json(tokenParameters)),
                ("tokenHeaders", Self.json(tokenHeaders)),
                ("tokenFormat", .string(tokenFormat.rawValue)),
                ("tokenResponse", tokenResponse.json),
                ("refresh", refresh.json),
                ("lookup", lookup?.json ?? .null),
                (
                    "callbackSignature",
                    callbackSignature.map { ["parameter": .string($0.parameter)] } ?? .null
                ),
                ("issuer", .string(orNull: issuer)),
                ("issuerRequired", .bool(issuerRequired)),
                ("redirect", .string(redirect.rawValue)),
                ("apiHosts", .array(apiHosts.map { .string($0) })),
                ("connectionData", .object(connectionData.map { ($0.name, $0.json) })),
                ("sharedManagers", .array(sharedManagers.map { .string($0) })),
                ("allowedUsers", allowedUsers.map { .array($0.map { .string($0) }) } ?? .null),
                ("revocation", revocation?.json ?? .null),
                ("credentialForm", credentialForm.json),
                ("credentialPlacement", credentialPlacement?.json ?? .null),
                ("headers", Self.json(headers)),
                ("forwardHeaders", .array(forwardHeaders.map { .string($0) })),
                ("followRedirects", .bool(followsRedirects)),
                ("revokesReplacedTokens", .bool(revokesReplacedTokens)),
                ("credentialTestPath", .string(orNull: credentialTestPath)),
                ("streamedTypes", .array(streamedTypes.map { .string($0) })),
                ("limits", limits.json),
                ("timeouts", timeouts.json),
                ("connections", connections.json),
                ("retries", retries.json),
                ("rateLimit", rateLimit?.json ?? .null),
            ])
    }

    /// The members that every user of the integration may see.
    package var publicMembers: [(String, JSONValue)] {
        [
            ("slug", .string(slug)),
            ("name", .string(name)),
            ("type", .string(type)),
            ("category", .string(orNull: category)),
            ("description", .string(orNull: description)),
            ("mode", .string(mode.rawValue)),
            ("authType", .string(authType.rawValue)),
            ("authUri", .string(orNull: authUri)),
            ("tokenUri", .string(orNull: tokenUri)),
            ("revocationUri", .string(orNull: revocationUri)),
            ("apiBaseUri", .string(apiBaseUri)),
            ("scope", .string(orNull: scope)),
        ]
    }

    /// The questions that the page for connecting asks the user.
    package var questions: JSONValue {
        .array(connectionData.filter { $0.source == .user }.map(\.question))
    }

    private static func json(_ parameters: [Parameter]) -> JSONValue {
        .object(parameters.map { ($0.name, .string($0.value)) })
    }
}
