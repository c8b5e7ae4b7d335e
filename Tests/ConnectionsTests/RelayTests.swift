import Connections
import Encoding
import Foundation
import HTTPClient
import HTTPTypes
import Primitives
import Proxying
import TestSupport
import Testing

struct RelayTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
        try house.connect()
    }

    @Test(arguments: [HTTPRequest.Method.get, .head, .put, .delete, .post, .patch])
    func `every method may go on a kept connection`(method: HTTPRequest.Method) throws {
        try house.call(method: method)
        let connection = try #require(house.network.sent(to: "https://api.test").first).connection
        #expect(connection != .fresh)
    }

    @Test func `calls share a network connection only with calls that have the same credential`()
        throws
    {
        try house.connect("bob")
        try house.call()
        try house.call(as: "bob")
        try house.call()
        try house.connect()
        try house.call()
        let used = house.network.sent(to: "https://api.test").map(\.connection)
        try #require(used.count == 4)
        #expect(used[0] == used[2])
        #expect(Set(used.map { "\($0)" }).count == 3)
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
        let house = try TestKeeper()
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

    private static let basicPlacements: [(JSONValue, String)] = [
        (["in": "basic"], "k-1:"),
        (["in": "basic", "username": "any", "password": "{credential}"], "any:k-1"),
        (["in": "basic", "username": "{credential}/token", "password": "x"], "k-1/token:x"),
    ]

    @Test(arguments: basicPlacements)
    func `a credential may go as basic authentication`(
        placement: JSONValue, pair: String
    ) throws {
        let house = try TestKeeper()
        try house.addNews([("credentialPlacement", placement)])
        try house.connect(to: "news", with: ["apiKey": "k-1"])
        try house.call(slug: "news")
        let field = house.network.sent(to: "https://news.test").first?.headers[.authorization]
        #expect(field == "Basic " + Data(pair.utf8).base64EncodedString())
    }

    @Test func `a credential that went in the query does not come back in what quotes it`() throws {
        let house = try TestKeeper()
        try house.addNews([("credentialPlacement", ["in": "query", "name": "api_key"])])
        try house.connect(to: "news", with: ["apiKey": "k 1+secret"])
        let quoted = "api_key=k%201%2Bsecret"
        house.network.answer("https://news.test") { request in
            #expect(request.url.hasSuffix("?x=1&\(quoted)"))
            return FakeAnswer(
                301,
                headers: [
                    .location: "/files/?x=1&\(quoted)#f", .contentLocation: "?\(quoted)",
                    .init("Link")!: "<https://news.test/p?\(quoted)&page=2>; rel=\"next\"",
                    .init("X-Request-Url")!: "/files?x=1&\(quoted)", .init("X-Other")!: "kept",
                ])
        }
        let answer = try house.call("/files?x=1", slug: "news")
        #expect(answer.headers[.location] == "https://news.test/files/?x=1#f")
        #expect(answer.headers[.contentLocation] == "https://news.test/files")
        #expect(answer.headers[.init("Link")!] == "<https://news.test/p?page=2>; rel=\"next\"")
        #expect(answer.headers[.init("X-Request-Url")!] == nil)
        #expect(answer.headers[.init("X-Other")!] == "kept")
    }

    @Test(arguments: ["/x?api_key=mine", "/x?a=1&api%5Fkey=mine", "/x?api_key", "/x?b&api_key="])
    func `a caller does not set the credential's parameter`(url: String) throws {
        let house = try TestKeeper()
        try house.addNews([("credentialPlacement", ["in": "query", "name": "api_key"])])
        try house.connect(to: "news", with: ["apiKey": "k"])
        #expect(throws: InputError.self) { try house.call(url, slug: "news") }
        #expect(house.network.sent(to: "https://news.test").isEmpty)
    }

    @Test func `more headers than anybody sends are refused`() throws {
        let headers = Array(repeating: (name: "x", value: "a"), count: 70_000)
        #expect(throws: InputError.self) { try house.call(headers: headers) }
    }

    @Test func `an upload that cannot be sent again still has a rejected token refreshed`() throws {
        house.network.answer("https://api.test") { request in
            FakeAnswer(request.headers[.authorization] == "Bearer access-1" ? 401 : 200)
        }
        func upload() throws -> HTTPResponse.Status {
            try house.keeper.relay(
                ProxyCall(
                    method: .put, target: .path("/up"), headers: .incoming([:]),
                    body: .stream(length: 0) { _ in 0 }),
                through: "drive", by: TestKeeper.user("alice")
            ).status
        }
        #expect(try upload() == 401)
        #expect(try upload() == 200)
    }

    @Test func `a call follows the connection that its token belongs to`() throws {
        let house = try TestKeeper()
        let hosts: JSONValue = ["url": ["from": "token", "pattern": "https://[a-z]+[.]api[.]test"]]
        try house.addDrive([("apiBaseUri", "{url}"), ("connectionData", hosts)])
        house.network.answer("https://provider.test/token") { request in
            if request.form["grant_type"] == "refresh_token" {
                // While the old token is refreshed, its owner connects again, elsewhere.
                _ = try house.connect(with: ["code": "second"])
            }
            let host = request.form["code"] == "second" ? "new" : "old"
            return .json([
                "access_token": .string("of-\(host)"), "refresh_token": .string("r-\(host)"),
                "expires_in": 60, "url": .string("https://\(host).api.test"),
            ])
        }
        try house.connect(with: ["code": "first"])
        house.clock.advance(by: 3600)
        _ = try? house.call("/x")
        for sent in house.network.sent() where sent.url.contains(".api.test") {
            let host = sent.url.contains("new.") ? "new" : "old"
            #expect(sent.headers[.authorization] == "Bearer of-\(host)")
        }
        try house.call("/x")
        #expect(house.network.sent().last?.url == "https://new.api.test/x")
    }
}
