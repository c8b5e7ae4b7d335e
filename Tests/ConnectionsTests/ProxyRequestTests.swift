import Connections
import Encoding
import Foundation
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

    @Test(arguments: [HTTPRequest.Method.get, .head, .put, .delete, .post, .patch])
    func `every method may go on a kept connection`(method: HTTPRequest.Method) throws {
        try house.call(method: method)
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

    private static let basicPlacements: [(JSONValue, String)] = [
        (["in": "basic"], "k-1:"),
        (["in": "basic", "username": "any", "password": "{credential}"], "any:k-1"),
        (["in": "basic", "username": "{credential}/token", "password": "x"], "k-1/token:x"),
    ]

    @Test(arguments: basicPlacements)
    func `a credential may go as basic authentication`(
        placement: JSONValue, pair: String
    ) throws {
        let house = try Household()
        try house.addNews([("credentialPlacement", placement)])
        try house.connect(to: "news", with: ["apiKey": "k-1"])
        try house.call(slug: "news")
        let field = house.network.sent(to: "https://news.test").first?.headers[.authorization]
        #expect(field == "Basic " + Data(pair.utf8).base64EncodedString())
    }
}
