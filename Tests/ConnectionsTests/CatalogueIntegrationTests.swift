import Connections
import Encoding
import Integrations
import Primitives
import TestSupport
import Testing

/// Integrations that are made of a provider in the catalogue.
struct CatalogueIntegrationTests {
    private static let acme: JSONValue = [
        "name": "Acme", "category": "crm", "register": "Enter {redirectUri}.",
        "integration": [
            "authUri": "https://{host}/authorize", "tokenUri": "https://{host}/token",
            "apiBaseUri": "https://api.acme.test", "scope": "read",
            "authorizationParameters": ["prompt": "consent"],
            "connectionData": [
                "host": [
                    "from": "operator", "pattern": "[a-z.]+", "default": "acme.test",
                    "example": "acme.test",
                ]
            ],
        ],
        "facts": [
            [
                "fields": [
                    "authUri", "tokenUri", "apiBaseUri", "scope", "authorizationParameters",
                    "connectionData",
                ], "source": "https://acme.test/docs",
            ]
        ],
    ]

    private let house: TestKeeper

    init() throws {
        let acme = try Provider(id: "acme", json: Self.acme)
        house = try TestKeeper(
            catalogue: ProviderCatalogue(ids: { ["acme"] }, provider: { $0 == "acme" ? acme : nil })
        )
    }

    @Test func `a client id and a secret are enough`() throws {
        let integration = try house.keeper.integrations.add([
            "type": "acme", "clientId": "c", "clientSecret": "s",
        ])
        #expect(integration.slug == "acme")
        #expect(integration.definition.name == "Acme")
        #expect(integration.definition.authUri == "https://acme.test/authorize")
        try house.connect(to: "acme")
        #expect(
            house.network.sent(to: "https://acme.test/token").last?.form["client_secret"] == "s")
    }

    @Test func `a credential's form names what is asked for, and nothing else`() throws {
        let form: JSONValue = ["apiKey": "Secret key", "help": "In the settings."]
        let definition = try house.addNews([("credentialForm", form)]).definition
        #expect(definition.credentialForm.apiKey == "Secret key")
        #expect(definition.json["credentialForm"]?["help"] == "In the settings.")
        let refused: [(JSONValue, String)] = [
            (["token": "Token"], "no one is asked for 'token'"),
            (["apiKey": ""], "'apiKey' must be a text of 1 to 64 characters"),
            (["apiKey": .string(String(repeating: "k", count: 65))], "1 to 64 characters"),
            (["colour": "red"], "'colour' is not a field"),
        ]
        for (form, problem) in refused {
            do {
                try house.addNews([("slug", "other"), ("credentialForm", form)])
                Issue.record("\(form) was accepted")
            } catch InputError.invalid(_, let detail) {
                #expect(detail.contains(problem), "\(detail)")
            }
        }
        #expect(throws: InputError.self) {
            try house.addDrive([("credentialForm", ["help": "Nobody reads this."])])
        }
    }

    @Test func `what is given counts for more, and null takes away`() throws {
        let definition = try house.keeper.integrations.add([
            "type": "acme", "clientId": "c", "slug": "ours", "scope": .null,
            "authorizationParameters": ["prompt": "none"], "data": ["host": "eu.acme.test"],
        ]).definition
        #expect(definition.slug == "ours")
        #expect(definition.scope == nil)
        #expect(definition.tokenUri == "https://eu.acme.test/token")
        #expect(definition.authorizationParameters.map(\.value) == ["none"])
    }

    @Test func `a type that the catalogue does not have is just a type`() throws {
        let definition = try house.addDrive([("type", "other")]).definition
        #expect(definition.type == "other")
        #expect(throws: InputError.self) {
            try house.keeper.integrations.add(["type": "other", "clientId": "c"])
        }
    }

    @Test func `what to do at the provider names our redirect URI`() throws {
        let provider = try Provider(id: "acme", json: Self.acme)
        #expect(
            provider.instructions(redirectURI: "https://a.test/cb") == "Enter https://a.test/cb.")
    }

    @Test func `a type that has left the catalogue is named when its integration is made again`()
        throws
    {
        _ = try house.keeper.integrations.add([
            "type": "acme", "clientId": "c", "clientSecret": "s",
        ])
        let neighbour = try house.neighbour()
        let problem = house.problem { try neighbour.integrations.update("acme", confirmed: false) }
        #expect(problem?.hasPrefix("'acme' is not in the catalogue, or no longer") == true)
        #expect(throws: Never.self) { try neighbour.integrations.find("acme", for: .system) }
    }

    @Test(
        arguments: [
            ("website", "http://acme.test"), ("website", "acme.test"), ("name", " "),
            ("name", "Ac\u{7}me"), ("category", "a\nb"),
        ] as [(String, JSONValue)])
    func `an entry's texts can be shown, and its website opened`(name: String, value: JSONValue) {
        let members = (Self.acme.members ?? []).map { ($0.name, $0.value) }
        let entry = JSONValue.object(members.filter { $0.0 != name } + [(name, value)])
        let problem = house.problem { try Provider(id: "acme", json: entry) }
        #expect(problem?.hasPrefix("acme: '\(name)' must") == true, "\(problem ?? "")")
    }
}
