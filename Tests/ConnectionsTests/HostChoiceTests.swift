import Encoding
import HTTPTypes
import OAuth
import TestSupport
import Testing

/// SECURITY 27: which host the client secret and the tokens go to is the operator's to say, and the
/// provider's.
struct HostChoiceTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
    }

    /// What is wrong with an integration in one of whose URLs that value stands; `nil` when it is
    /// taken.
    private func problem(
        _ url: String, _ pattern: String, in field: String = "tokenUri",
        from source: String = "user",
        choosesHost: Bool = false
    ) -> String? {
        let datum: JSONValue = [
            "from": .string(source), "pattern": .string(pattern),
            "choosesHost": .bool(choosesHost),
        ]
        let value: JSONValue =
            switch field {
            case "apiHosts": [.string(url)]
            case "lookup", "refresh": ["uri": .string(url)]
            default: .string(url)
            }
        return house.problem {
            try house.addDrive([
                (
                    "slug",
                    .string("s\(RandomToken.make().lowercased().filter(\.isLetter).prefix(40))")
                ),
                (field, value), ("connectionData", ["x": datum]),
            ])
        }
    }

    @Test(arguments: [
        ("https://{x}.example.com/t", "[a-z.]+"), ("https://{x}.example.com/t", "[^/]+"),
        ("https://{x}.example.com/t", ".+"), ("https://{x}.example.com/t", "[a-z]+(:[0-9]+)?"),
        ("https://{x}.example.com/t", "[a-z]+(/[a-z]*)?"), ("https://{x}.example.com/t", "[a-z@]+"),
        ("https://{x}.example.com/t", "a([a-z]|%2f)*"), ("https://{x}.example.com/t", "[a-z#?]+"),
        ("https://{x}.example.com/t", "[a-z\\\\]+"),
        ("https://{x}.example.com/t", "(a|[b-z.]{2,})+"),
        ("https://{x}/t", "[a-z]+[.][a-z]+"), ("https://{x}/t", "[a-z-]+"),
        ("https://{x}/t", "[a-z.]+example[.]com"), ("https://{x}/t", "[a-z]+[.]com"),
        ("https://{x}/t", "[a-z]+[.]co[.]uk"), ("https://{x}.com/t", "[a-z]+"),
        ("https://{x}.co.uk/t", "[a-z]+"), ("https://example.{x}/t", "[a-z]{2,3}"),
        ("https://api.{x}.com/t", "[a-z]+"), ("https://example.com{x}/t", "[a-z]*"),
        ("{x}/t", "https://[a-z.]+"),
        ("{x}/t", "https://[a-z]+[.]com"), ("{x}/t", "https://[^/]+[.]example[.]com"),
        ("{x}/t", "https?://[a-z]+[.]example[.]com(:[0-9]+)?"),
        ("{x}/t", "https://[a-z]+[.]example[.]com|https://.*"),
        ("{x}/t", "(https://)?[a-z]+[.]example[.]com/?"),
    ])
    func `a pattern that fits any host is refused, and the field is named`(
        url: String, pattern: String
    ) throws {
        for source in ["user", "callback"] {
            let refused = try #require(problem(url, pattern, from: source))
            #expect(refused.contains("in 'tokenUri'") && refused.contains("'choosesHost: true'"))
            #expect(problem(url, pattern, from: source, choosesHost: true) == nil)
        }
    }

    @Test(arguments: [
        ("https://{x}.example.com/t", "[a-z0-9][a-z0-9-]{0,62}"),
        ("https://{x}.example.com/t", "[^./:@%\\\\?#\\[\\] ]+"),
        ("https://{x}.example.com/t", "eu[.]west|us"),
        ("https://api-{x}.example.co.uk/t", "[a-z]+"),
        ("https://accounts.example.{x}/t", "com|eu|com[.]au"),
        ("https://{x}.shops.test/t", "[a-z]+"),
        ("{x}/t", "https://api[.](eu[.])?example[.]com"),
        ("{x}/t", "https://([a-z0-9][a-z0-9-]*[.]){1,3}example[.]com"),
        ("{x}/t", "(https://a[.]example[.]com|https://[a-z]+[.]example[.]net)"),
        ("https://{x}/t", "([a-z]+[.])+example[.](com|eu)"), ("https://example.com/{x}/t", ".+"),
        ("https://example.com/t?x={x}", "[^ ]+"),
        // A pattern that matches nothing more than it seems to.
        ("https://{x}.example.com/t", "[a-z]+[.]{0}"),
    ])
    func `a pattern that stays in a domain that is written out is taken`(
        url: String, pattern: String
    ) {
        #expect(problem(url, pattern, in: "revocationUri") == nil)
    }

    @Test(arguments: [
        "authUri", "tokenUri", "refresh", "revocationUri", "lookup", "apiBaseUri", "apiHosts",
    ])
    func `every URL is looked at`(field: String) {
        #expect(problem("https://{x}/t", "[a-z.]+", in: field)?.contains("in '\(field)") == true)
        #expect(problem("https://{x}.example.com/t", "[a-z]+", in: field) == nil)
    }

    @Test
    func `what the provider says may be any host of a pattern's, unless the user says it`()
        throws
    {
        try house.addDrive([
            ("apiBaseUri", "{instance}/v1"),
            (
                "connectionData",
                ["instance": ["from": "token", "pattern": "https://[a-z.]+[.]com"]]
            ),
        ])
        house.network.answer("https://provider.test/token") { _ in
            .json([
                "access_token": "a", "token_type": "Bearer", "instance": "https://na.force.com",
            ])
        }
        try house.connect()
        try house.call("/data")
        #expect(house.network.sent().last?.url == "https://na.force.com/v1/data")
        let evil: JSONValue = ["accessToken": "a", "data": ["instance": "https://evil.com"]]
        #expect(
            house.problem { try house.connect("bob", with: evil) }?
                .contains("'instance' would choose the host") == true)
        #expect(house.network.sent(to: "https://evil.com").isEmpty)
    }

    @Test func `an integration that an older version took gives no user a host to choose`() throws {
        try house.addNews([
            ("apiBaseUri", "https://{x}/v1"),
            ("connectionData", ["x": ["pattern": "[a-z.]+", "choosesHost": true]]),
        ])
        try house.database().write {
            try $0.execute(
                """
                UPDATE integration SET revision = revision + 1,
                    definition = replace(definition, '"choosesHost":true', '"choosesHost":false')
                """)
        }
        let evil: JSONValue = ["apiKey": "k", "data": ["x": "evil.test"]]
        #expect(
            house.problem { try house.connect(to: "news", with: evil) }?
                .contains("'x' would choose the host") == true)
    }
}
