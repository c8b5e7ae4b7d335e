import Encoding
import TestSupport
import Testing

/// What may stand in braces, and where.
struct PlaceholderTests {
    private let house: TestKeeper
    private static let shop: JSONValue = ["pattern": "[a-z]+"]

    init() throws {
        house = try TestKeeper()
    }

    private func problem(_ changes: [(String, JSONValue)]) -> String? {
        house.problem { try house.addDrive(changes) }
    }

    @Test(arguments: ["token", "clientId", "clientSecret"])
    func `SECURITY 27: a name with a meaning of its own is no name of a datum`(name: String) {
        for pattern: JSONValue in [.null, "[a-z]+"] {
            let data: [(String, JSONValue)] = [(name, ["pattern": pattern])]
            let problem = problem([
                ("tokenUri", .string("https://{\(name)}/t")), ("connectionData", .object(data)),
            ])
            #expect(problem?.contains("'\(name)' in 'connectionData' needs another name") == true)
        }
    }

    @Test(arguments: [
        "authUri", "tokenUri", "apiBaseUri", "apiHosts", "refresh", "lookup",
    ])
    func `SECURITY 27: only revoking knows tokens, client and 'data.…'`(field: String) {
        for name in ["token", "clientId", "clientSecret", "data.shop"] {
            let url = JSONValue.string("https://provider.test/{\(name)}/x")
            let value: JSONValue =
                switch field {
                case "apiHosts": [url]
                case "refresh", "lookup": ["uri": url]
                default: url
                }
            let problem = problem([(field, value), ("connectionData", ["shop": Self.shop])])
            #expect(problem?.contains("{\(name)} stands for nothing") == true, "\(name)")
        }
    }

    @Test(
        arguments: [
            ("https://{token}.test/x", ["in": "url"], "{token} before its path"),
            ("{token}/x", ["in": "url"], "{token} before its path"),
            ("https://{data.shop}/revoke", .null, "{data.shop} before its path"),
            ("https://{clientId}.test/revoke", .null, "{clientId} before its path"),
            ("https://provider.test/{token}", ["in": "url"], nil),
            ("https://provider.test/{clientId}?t={token}", ["in": "url"], nil),
            ("https://provider.test?t={token}", ["in": "url"], nil),
            ("https://provider.test/{clientSecret}", .null, "{clientSecret}"),
            ("https://{shop}.test/{data.shop}", .null, nil),
            ("https://provider.test/{data.other}", .null, "no 'other'"),
            ("https://provider.test/{data.loose}", .null, "needs a 'pattern'"),
            ("https://provider.test/{data.maybe}", .null, "cannot be optional"),
            ("https://{loose}.test/", .null, "needs a 'pattern'"),
        ] as [(String, JSONValue, String?)])
    func `SECURITY 27: no placeholder of revoking decides who is asked`(
        uri: String, revocation: JSONValue, expected: String?
    ) {
        let problem = problem([
            ("revocationUri", .string(uri)), ("revocation", revocation),
            (
                "connectionData",
                [
                    "shop": Self.shop, "loose": [:],
                    "maybe": ["pattern": "[a-z]+", "optional": true],
                ]
            ),
        ])
        if let expected {
            #expect(problem?.contains(expected) == true, "\(problem ?? "accepted")")
        } else {
            #expect(problem == nil)
        }
    }

    @Test(
        arguments: [
            ("scope", "files {x}"), ("resource", ["https://{x}.test"]),
            ("authorizationParameters", ["a": "{x}"]), ("tokenParameters", ["a": "{x}"]),
            ("tokenHeaders", ["A": "{clientSecret}"]), ("refresh", ["parameters": ["a": "{x}"]]),
            ("assertion", ["subject": "{x}"]), ("credentialTestPath", "/{x}"),
            ("headers", ["A": "{x}"]),
            ("lookup", ["uri": "https://a.test", "headers": ["A": "{x}"]]),
            ("tokenParameters", ["a": "{shop}"]),
            ("revocation", ["parameters": ["a": "{data.x}"]]),
            ("revocation", ["headers": ["A": "{x}"]]),
            ("tokenResponse", ["accessToken": "list[a={shop}][0].t"]),
            ("connectionData", ["x": ["from": "token", "name": "list[a={y}][0].t"]]),
            (
                "connectionData",
                [
                    "x": ["from": "token", "name": "list[a={y}][0].t"],
                    "y": ["from": "token", "name": "y"],
                ]
            ),
        ] as [(String, JSONValue)])
    func `a placeholder that nothing fills is refused`(field: String, value: JSONValue) {
        let data: [(String, JSONValue)] =
            field == "connectionData" ? [] : [("connectionData", ["shop": Self.shop])]
        let problem = problem([(field, value)] + data) ?? ""
        let reasons = [
            "stands for nothing", "is not a value that", "which is not known", "which is none of",
        ]
        #expect(reasons.contains { problem.contains($0) }, "\(problem)")
    }

    @Test func `without a client there is no '{clientId}'`() throws {
        let problem = house.problem {
            try house.addNews([("headers", ["Client-Id": "{clientId}"])])
        }
        #expect(problem?.contains("{clientId} stands for nothing") == true)
    }

    @Test func `what an operator gives is put everywhere`() throws {
        let data: JSONValue = ["at": "eu", "name": "acme"]
        let definition = try house.addDrive([
            ("data", data),
            (
                "connectionData",
                [
                    "at": ["from": "operator", "pattern": "[a-z]+"],
                    "name": ["from": "operator", "pattern": "[a-z]+"],
                ]
            ),
            ("scope", "files@{at}"), ("resource", ["https://{name}.test"]),
            ("authUri", "https://{at}.test/a"), ("tokenUri", "https://{at}.test/t"),
            ("revocationUri", "https://{at}.test/r/{token}"), ("apiBaseUri", "https://{at}.test"),
            ("apiHosts", ["https://{name}.test"]), ("headers", ["A": "{at} {clientId}"]),
            ("authorizationParameters", ["a": "{at}"]), ("tokenParameters", ["b": "{name}"]),
            ("tokenHeaders", ["B": "{name}"]), ("credentialTestPath", "/{at}/me"),
            ("refresh", ["uri": "https://{at}.test/f", "parameters": ["c": "{at}"]]),
            ("assertion", ["issuer": "{name}", "subject": "{at}", "audience": "{clientId}"]),
            (
                "lookup",
                [
                    "uri": "https://{at}.test/l", "method": "POST", "headers": ["C": "{at}"],
                    "body": "{\"query\": \"{me{id}}\", \"at\": \"{at}\"}",
                ]
            ),
            (
                "revocation",
                [
                    "in": "url", "headers": ["D": "{at} {data.name}"],
                    "parameters": ["e": "{name} {clientSecret}"],
                ]
            ),
        ]).definition.json
        let text = String(decoding: definition.encoded(), as: UTF8.self)
        for left in ["{at}", "{name}", "{clientId}"] { #expect(!text.contains(left), "\(left)") }
        #expect(definition["scope"] == "files@eu")
        #expect(definition["resource"] == ["https://acme.test"])
        #expect(definition["assertion"]?["audience"] == "client")
        #expect(definition["lookup"]?["body"] == #"{"query": "{me{id}}", "at": "eu"}"#)
        #expect(definition["revocation"]?["headers"]?["D"] == "eu {data.name}")
        #expect(definition["revocation"]?["parameters"]?["e"] == "acme {clientSecret}")
        #expect(definition["revocationUri"] == "https://eu.test/r/{token}")
    }

    @Test(arguments: [
        ("callback", "code"), ("callback", "state"), ("token", "access_token"),
        ("token", "authed_user.refresh_token"), ("token", "id_token"),
        ("lookup", "list[0].access_token"),
    ])
    func `SECURITY 26: what is kept and shown is no secret`(source: String, name: String) {
        let problem = problem([
            ("lookup", ["uri": "https://api.test/me"]),
            ("connectionData", ["kept": ["from": .string(source), "name": .string(name)]]),
        ])
        #expect(problem?.contains("would show a secret") == true)
    }
}
