import Encoding
import Storage
import TestSupport
import Testing

/// What texts and header fields an integration may have.
struct IntegrationTextTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
    }

    @Test(arguments: [
        ("name", 200), ("category", 200), ("description", 8_192), ("scope", 8_192),
        ("clientId", 1_024), ("clientSecret", 16_384),
    ])
    func `a text has no control characters and a limit`(field: String, longest: Int) {
        func problem(_ text: String) -> String? {
            house.problem { try house.addDrive([("slug", "a"), (field, .string(text))]) }
        }
        #expect(problem("a\0b")?.contains("'\(field)' must not have control characters") == true)
        #expect(problem("a\u{1B}[2J")?.contains("'\(field)' must not have control") == true)
        let long = problem(String(repeating: "a", count: longest + 1))
        #expect(long?.contains("'\(field)' must not be longer than \(longest)") == true)
        #expect(problem(String(repeating: "a", count: longest)) == nil)
    }

    @Test(arguments: ["name", "category", "clientId", "clientSecret"])
    func `only a description has lines`(field: String) {
        func problem(_ field: String) -> String? {
            house.problem { try house.addDrive([(field, "a\nb")]) }
        }
        #expect(problem(field)?.contains("or line ends") == true)
        #expect(problem("description") == nil)
    }

    @Test(arguments: ["name", "category", "description", "scope", "clientId"])
    func `a text that shows nothing is refused`(field: String) {
        let problem = house.problem { try house.addDrive([(field, " \u{A0}")]) }
        #expect(problem?.contains("'\(field)' must have a text that can be seen") == true)
    }

    @Test func `a definition that was stored before stays readable`() throws {
        try house.addDrive()
        try house.database().write { transaction in
            try transaction.execute(
                """
                UPDATE integration SET revision = revision + 1,
                    definition = replace(definition, '"Drive"', '"Dri\\u0007ve"')
                """)
        }
        let integration = try house.keeper.integrations.find("drive", for: .system)
        #expect(integration.definition.name == "Dri\u{7}ve")
    }

    @Test func `a slug cannot be another integration's id`() throws {
        let drive = try house.addDrive()
        let problem = house.problem { try house.addDrive([("slug", .string(drive.id))]) }
        #expect(problem?.contains("'slug' must not begin with 'integration-'") == true)
        #expect(throws: Never.self) { try house.addDrive([("slug", "integrations")]) }
    }

    @Test(arguments: [
        ("Host", "is set by Grantkeeper"), ("content-length", "is set by Grantkeeper"),
        ("Transfer-Encoding", "is set by Grantkeeper"), ("Connection", "is set by Grantkeeper"),
        ("Expect", "is set by Grantkeeper"), ("Content-Type", "is set by 'tokenFormat'"),
        ("authorization", "is set by 'clientAuthentication'"),
    ])
    func `a header field that would not be sent as written is refused`(
        name: String, reason: String
    ) {
        let headers = JSONValue.object([(name, "a")])
        let token = house.problem { try house.addDrive([("tokenHeaders", headers)]) }
        #expect(token?.contains("in 'tokenHeaders' \(reason)") == true)
        let lookup = house.problem {
            try house.addDrive([("lookup", ["uri": "https://api.test/me", "headers": headers])])
        }
        #expect(lookup?.contains("in 'lookup.headers' is") == true)
    }

    @Test(arguments: ["headers", "tokenHeaders"])
    func `more header fields than anybody sends are refused`(field: String) {
        func problem(_ count: Int) -> String? {
            let headers = JSONValue.object((0..<count).map { ("X-\($0)", .string("a")) })
            return house.problem { try house.addDrive([(field, headers)]) }
        }
        #expect(problem(1001)?.contains("'\(field)' must not have more than 1000") == true)
        #expect(problem(70_000)?.contains("'\(field)' must not have more than 1000") == true)
        #expect(problem(1000) == nil)
    }

    @Test func `a provider's version and a program's name can be sent`() throws {
        let headers: JSONValue = [
            "Accept": "application/json", "User-Agent": "a", "Notion-Version": "1",
            "Origin": "https://app.test",
        ]
        try house.addDrive([
            ("tokenHeaders", headers),
            ("lookup", ["uri": "https://api.test/me", "headers": headers]),
        ])
    }

    @Test func `a scope on several lines is one on a line`() throws {
        let definition = try house.addDrive([("scope", "files\nmail  calendar\n")]).definition
        #expect(definition.scope == "files mail calendar")
    }
}
