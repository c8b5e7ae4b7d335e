import Encoding
import HTTPTypes
import TestSupport
import Testing

struct HALPageTests {
    private let front: Front

    init() throws {
        front = try Front()
        for number in 1...5 {
            try front.house.addDrive([("slug", .string("drive-\(number)"))])
            try front.house.connect("alice", to: "drive-\(number)")
        }
    }

    private static let path = "/api/integration-connections"

    private func list(_ query: String = "", _ headers: Front.Fields = []) throws -> Front.Answer {
        try front.ask(.get, Self.path + query, headers + front.session())
    }

    @Test(
        arguments: [
            ("", 5, nil, nil),
            ("?start=0&limit=5", 5, nil, nil),
            ("?limit=2", 2, "start=2&limit=2", nil),
            ("?start=2&limit=2", 2, "start=4&limit=2", "start=0&limit=2"),
            ("?start=4&limit=2", 1, nil, "start=2&limit=2"),
            ("?start=1&limit=2", 2, "start=3&limit=2", "start=0&limit=2"),
            ("?start=5", 0, nil, "start=0&limit=100"),
            ("?start=900", 0, nil, "start=0&limit=100"),
            ("?start=900&limit=2", 0, nil, "start=3&limit=2"),
        ] as [(String, Int, String?, String?)])
    func `a page says where it stands and what is next to it`(
        query: String, count: Int, next: String?, previous: String?
    ) throws {
        let page = try list(query)
        #expect(page.status == 200)
        #expect(page.json["count"]?.intValue == count)
        #expect(page.json["total"]?.intValue == 5)
        #expect(page.json["_embedded"]?["inf:integration-connection"]?.elements?.count == count)
        let links = page.json["_links"]
        #expect(links?["next"]?["href"]?.stringValue == next.map { "\(Self.path)?\($0)" })
        #expect(links?["prev"]?["href"]?.stringValue == previous.map { "\(Self.path)?\($0)" })
        #expect(links?["self"]?["href"]?.stringValue?.hasPrefix(Self.path) == true)
    }

    @Test func `the first page's address is the plain one`() throws {
        #expect(try list().json["_links"]?["self"]?["href"] == .string(Self.path))
    }

    @Test func `following next meets every item once`() throws {
        var seen: [String] = []
        var query: String? = "?limit=2"
        while let current = query {
            let page = try list(current)
            let items = page.json["_embedded"]?["inf:integration-connection"]?.elements ?? []
            seen += items.compactMap { $0["id"]?.stringValue }
            query = page.json["_links"]?["next"]?["href"]?.stringValue
                .map { String($0.dropFirst(Self.path.count)) }
        }
        #expect(seen.count == 5)
        #expect(Set(seen).count == 5)
    }

    @Test func `an item is the connection with its integration embedded`() throws {
        let items = try list().json["_embedded"]?["inf:integration-connection"]?.elements ?? []
        let integration = try #require(items.first?["_embedded"]?["inf:integration"])
        #expect(integration.members?.map(\.name) == ["id", "name", "type"])
        #expect(items.first?["integrationId"] == integration["id"])
    }

    @Test(arguments: [
        "start=-1", "start=+1", "start=1.5", "start=", "start=x", "start=%31x", "start=٣",
        "start=9999999999", "limit=0", "limit=201", "limit=-1", "limit=", "limit=1&limit=2",
        "start=0&start=0", "start=0x1",
    ])
    func `any other start or limit is a 400`(query: String) throws {
        #expect(try list("?\(query)").code == "invalid_range")
    }

    @Test(arguments: [
        ("application/hal+json", "application/hal+json"),
        ("text/html, application/hal+json;q=0.9", "application/hal+json"),
        ("application/json", "application/json"), ("*/*", "application/json"),
        ("application/hal+json;q=0", "application/json"),
        ("application/hal+json;q=0.000, */*", "application/json"),
        ("application/hal+json;q=0.5, application/json", "application/json"),
        ("application/json;q=0.5, application/hal+json", "application/hal+json"),
        ("APPLICATION/HAL+JSON ; Q=1", "application/hal+json"),
        ("application/*", "application/json"),
        ("application/json;q=0, */*", "application/hal+json"),
        ("text/x;a=\"application/hal+json,application/hal+json\"", "application/json"),
        ("application/hal+json;q=x", "application/json"), (",,;q=1,/,", "application/json"),
        ("application/hal+jsonp", "application/json"),
    ])
    func `it is HAL by name when that is asked for`(accept: String, type: String) throws {
        #expect(try list("", [("Accept", accept)]).headers[.contentType] == type)
    }
}
