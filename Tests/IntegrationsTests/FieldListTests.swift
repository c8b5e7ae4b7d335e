import Encoding
import Integrations
import Primitives
import Testing

/// The list of an integration's fields, from which reading, writing, schema and checks follow.
struct FieldListTests {
    /// A value for every field that is not its default, as it is written again.
    private static let every: [(String, JSONValue)] = [
        ("slug", "crm"), ("name", "The CRM"), ("type", "crm-type"), ("category", "Sales"),
        ("description", "Two\nlines"), ("mode", "shared"), ("authType", "oauth2"),
        ("sharedManagers", ["alice"]), ("allowedUsers", ["alice", "bob"]),
        ("authUri", "https://a.test/authorize?x=1"), ("tokenUri", "https://b.test/token"),
        ("revocationUri", "https://c.test/revoke"),
        (
            "revocation",
            [
                "method": "DELETE", "tokens": ["access_token"], "in": "header", "name": "X-Token",
                "prefix": "T ", "hint": true, "authentication": "basic",
                "headers": ["X-A": "{clientSecret}"], "parameters": ["p": "{token}"],
            ]
        ),
        ("apiBaseUri", "https://d.test/v1"), ("apiHosts", ["https://e.test", "https://f.test"]),
        ("issuer", "https://g.test"), ("issuerRequired", true), ("redirect", "own"),
        ("grant", "jwt_bearer"), ("scope", "one two"), ("scopeSeparator", ","),
        ("scopeParameter", "scopes"), ("scopeImplies", ["one": "three"]), ("pkce", false),
        ("resource", ["https://h.test"]), ("authorizationParameters", ["prompt": "consent"]),
        ("callbackSignature", ["parameter": "hmac"]), ("clientId", "abc"),
        ("clientAuthentication", "basic"), ("keyId", "k1"), ("signingAlgorithm", "ES256"),
        (
            "assertion",
            ["issuer": "i", "subject": "s", "audience": "https://i.test", "scope": "parameter"]
        ),
        ("tokenParameters", ["audience": "x"]), ("tokenHeaders", ["X-B": "b"]),
        ("tokenFormat", "json"),
        (
            "tokenResponse",
            [
                "at": "data", "accessToken": "a", "refreshToken": "b", "expiresIn": "c",
                "expiresAt": "d", "refreshTokenExpiresIn": "e", "refreshTokenExpiresAt": "f",
                "scope": "g", "tokenType": "h", "lifetime": 60, "tokenTypes": ["bot"],
                "failure": ["member": "ok", "is": "false"],
            ]
        ),
        (
            "refresh",
            [
                "uri": "https://j.test/refresh", "parameters": ["p": "q"], "grantType": "renew",
                "parameter": "old_token", "with": "access_token", "rotation": "single-use",
                "dead": [["status": 401, "member": "error.code", "is": "190"]],
            ]
        ),
        ("revokesReplacedTokens", true),
        (
            "connectionData",
            [
                "shop": [
                    "from": "lookup", "name": "shop.id", "pattern": "[a-z]+", "optional": true,
                    "choosesHost": true, "default": "a", "title": "Shop", "example": "b",
                ]
            ]
        ),
        (
            "lookup",
            [
                "uri": "https://k.test/me", "method": "POST", "body": "{}",
                "headers": ["X-C": "c"], "prefix": "OAuth ",
            ]
        ),
        (
            "credentialForm",
            ["username": "u", "password": "p", "apiKey": "k", "token": "t", "help": "h"]
        ),
        ("credentialTestPath", "/me"),
        ("credentialPlacement", ["in": "basic", "username": "x", "password": "{credential}"]),
        ("headers", ["X-D": "d"]), ("forwardHeaders", ["X-E"]), ("followRedirects", true),
        ("streamedTypes", ["application/x-ndjson"]),
        ("limits", ["requestsPerSecond": .number("1.5"), "burst": 2, "concurrent": 3]),
        ("timeouts", ["connect": 1, "head": 2, "idle": 3]),
        ("connections", ["max": 1, "wait": 2, "idleMax": 3, "idle": 4]),
        ("retries", ["attempts": 2, "honoursIdempotencyKey": true]),
        (
            "rateLimit",
            ["statuses": [403], "remaining": "X-Left", "reset": "X-At", "resetFormat": "date"]
        ),
    ]

    @Test func `every field is read, kept and written again`() throws {
        #expect(Set(Self.every.map(\.0)) == Set(IntegrationDefinition.fields.map(\.about.name)))
        let definition = try IntegrationDefinition.read(stored: .object(Self.every))
        let written = definition.json
        for (name, value) in Self.every { #expect(written[name] == value, "\(name)") }
        #expect(try IntegrationDefinition.read(stored: written) == definition)
    }

    @Test func `every member of an object is in the value that this test gives it`() {
        for field in IntegrationDefinition.fields.map(\.about) where field.name != "connectionData"
        {
            guard !field.parts.isEmpty, field.name != "credentialPlacement" else { continue }
            let given = Self.every.first { $0.0 == field.name }?.1.members?.map(\.name)
            #expect(Set(given ?? []) == Set(field.parts.map(\.name)), "\(field.name)")
        }
    }

    @Test func `none of the values is the field's default`() throws {
        let usual = try IntegrationDefinition.read(stored: ["slug": "crm"]).json
        for (name, value) in Self.every where !["slug", "authType"].contains(name) {
            #expect(usual[name] != value, "\(name)")
        }
    }

    /// The URLs of the fields that take one, by the names of the fields that lead there.
    private static func urls(
        _ fields: [FieldDescription], _ values: JSONValue, _ path: String = ""
    ) -> [(path: String, url: String)] {
        fields.flatMap { field -> [(path: String, url: String)] in
            guard let value = values[field.name] else { return [] }
            if !field.parts.isEmpty { return urls(field.parts, value, field.name + ".") }
            guard field.takes.contains("URL") else { return [] }
            return (value.elements ?? [value]).compactMap(\.stringValue)
                .map { (path + field.name, $0) }
        }
    }

    @Test func `a request goes to every URL but the issuer's, so that its scheme is checked`()
        throws
    {
        let definition = try IntegrationDefinition.read(stored: .object(Self.every))
        let described = Self.urls(
            IntegrationDefinition.fields.map(\.about), .object(Self.every))
        #expect(described.count == 9)
        let requested = described.filter { $0.path != "issuer" }.map(\.url)
        #expect(definition.urls.sorted() == requested.sorted())
    }

    @Test func `a member of an object is checked like a field`() {
        let error = #expect(throws: InputError.self) {
            try IntegrationDefinition.read([
                "slug": "a", "apiBaseUri": "https://a.test", "authType": "apikey",
                "credentialForm": ["apiKey": ""], "lookup": ["uri": "nowhere", "unheardOf": 1],
            ])
        }
        guard case .invalid(_, let detail)? = error else { return }
        #expect(detail.contains("in 'credentialForm': 'apiKey' must be a text of 1 to 64"))
        #expect(detail.contains("in 'lookup': 'uri' must be an absolute http or https URL"))
        #expect(detail.contains("in 'lookup': 'unheardOf' is not a field of an integration"))
    }

    @Test func `each field has a name of its own and a meaning in whole sentences`() {
        func check(_ fields: [FieldDescription]) {
            #expect(Set(fields.map(\.name)).count == fields.count)
            for field in fields {
                #expect(field.meaning.hasSuffix("."), "\(field.name)")
                #expect(field.meaning.first?.isLowercase == false, "\(field.name)")
                check(field.parts)
            }
        }
        check(IntegrationDefinition.fields.map(\.about))
    }

    @Test func `an entry of the catalogue sets no name, client or user`() {
        let entry = Set(IntegrationSchema.entry["properties"]?.members?.map(\.name) ?? [])
        let input = Set(IntegrationSchema.input["properties"]?.members?.map(\.name) ?? [])
        #expect(
            input.subtracting(entry) == [
                "slug", "name", "type", "category", "description", "mode", "clientId",
                "clientSecret", "privateKey", "sharedManagers", "allowedUsers", "data",
            ])
        #expect(entry.isSubset(of: input))
    }
}
