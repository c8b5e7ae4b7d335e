import Connections
import Encoding
import HTTPClient
import HTTPTypes
import TestSupport
import Testing

struct ProxyRequestTests {
    private let house: Household

    init() throws {
        house = try Household()
        try house.addDrive()
        try house.connect()
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, ConnectionUse.pooled), (.head, .pooled), (.put, .pooled),
        (.delete, .pooled), (.post, .fresh), (.patch, .fresh),
    ])
    func `what is not idempotent goes on a connection of its own`(
        method: HTTPRequest.Method, connection: ConnectionUse
    ) throws {
        try house.call(method: method)
        #expect(house.network.sent(to: "https://api.test").map(\.connection) == [connection])
    }

    @Test func `an upload that is read while it is sent may use a kept connection`() throws {
        let body = OutgoingBody.stream(length: 0) { _ in 0 }
        _ = try house.keeper.proxyRequest(
            ProxyCall(method: .post, target: .path("/up"), headers: .incoming([:]), body: body),
            through: "drive", by: Household.user("alice"))
        #expect(house.network.sent(to: "https://api.test").map(\.connection) == [.pooled])
    }

    @Test func `without a connection the call says that one is needed`() throws {
        do {
            try house.call(as: "bob")
            Issue.record("the call went through")
        } catch ConnectionsError.connectionRequired(let slug) {
            #expect(slug == "drive")
        }
        #expect(house.network.sent(to: "https://api.test").isEmpty)
    }

    @Test func `a credential's prefix may end with a space`() throws {
        let house = try Household()
        try house.addNews([
            (
                "credentialPlacement",
                ["in": "header", "name": "Authorization", "prefix": "Token "]
            )
        ])
        try house.connect(to: "news", with: ["apiKey": "k-1"])
        try house.call(slug: "news")
        #expect(
            house.network.sent(to: "https://news.test").map { $0.headers[.authorization] }
                == ["Token k-1"])
    }
}
