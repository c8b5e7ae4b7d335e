import Foundation
import HTTPTypes
import Headers
import MockProvider
import Testing

@Suite struct APITests {
    private let provider: TestProvider
    private let token: String

    init() throws {
        provider = try TestProvider()
        token = try provider.tokens().accessToken
    }

    private func get(_ target: String, _ fields: HeaderFields = [:]) throws -> Answer {
        var headers = fields
        headers[.authorization] = "Bearer \(token)"
        return try provider.ask(.get, target, headers)
    }

    @Test func `without a token there is a challenge, with a wrong one it says so`() throws {
        let none = try provider.ask(.get, "/api/files")
        #expect(none.status == 401)
        #expect(none.headers[.wwwAuthenticate] == #"Bearer realm="mock-provider""#)
        let wrong = try provider.ask(.get, "/api/files", [.authorization: "Bearer nothing"])
        #expect(wrong.headers[.wwwAuthenticate]?.contains(#"error="invalid_token""#) == true)
        #expect(try provider.counter("api.unauthorized") == 2)
    }

    @Test func `files come in pages that end`() throws {
        var names: [String] = []
        var pageToken: String?
        repeat {
            let page = try get(
                "/api/files?pageSize=10" + (pageToken.map { "&pageToken=\($0)" } ?? ""))
            names += page.json["files"]?.elements?.compactMap { $0["id"]?.stringValue } ?? []
            pageToken = page.json["nextPageToken"]?.stringValue
        } while pageToken != nil && names.count < 100
        #expect(names == (1...25).map { "file-\($0)" })
        #expect(try get("/api/files?pageSize=0").status == 400)
        #expect(try get("/api/files?pageToken=page-26").status == 400)
        #expect(try get("/api/files/file-26").status == 404)
    }

    @Test func `the echo shows a credential's fingerprint and not the credential`() throws {
        let answer = try get("/api/echo/a%2Fb?x=1")
        #expect(answer.json["path"]?.stringValue == "/api/echo/a%2Fb")
        #expect(answer.json["query"]?.stringValue == "x=1")
        #expect(!answer.text.contains(token))
        #expect(answer.text.contains(Text.fingerprint(token)))
    }

    private func upload(
        _ method: HTTPRequest.Method, _ fields: [(String, String)], _ body: String = ""
    ) throws -> Answer {
        var headers: HeaderFields = [.authorization: "Bearer \(token)"]
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        return try provider.ask(method, "/api/uploads/a", headers, body)
    }

    @Test func `a file comes in parts that follow one another, or whole`() throws {
        #expect(try upload(.put, [("Content-Range", "bytes 0-2/5")], "012").status == 308)
        #expect(try upload(.put, [("Content-Range", "bytes */5")]).headers[.range] == "bytes=0-2")
        #expect(try upload(.put, [("Content-Range", "bytes 0-1/5")], "34").status == 416)
        #expect(try upload(.put, [("Content-Range", "bytes 3-4/5")], "34").status == 200)
        #expect(try upload(.get, []).json["text"]?.stringValue == "01234")
        for wrong in ["bytes", "bytes 4-3/5", "bytes 0-1/x", "items 0-1/5", "bytes -1/5"] {
            #expect(try upload(.put, [("Content-Range", wrong)], "x").status == 400)
        }
        #expect(try upload(.put, [], "whole").status == 200)
        #expect(try upload(.get, []).json["text"]?.stringValue == "whole")
    }

    @Test func `an upload goes on by its offset, as tus has it`() throws {
        let tus = ("Tus-Resumable", "1.0.0")
        #expect(try upload(.patch, [tus, ("Upload-Offset", "0")], "x").status == 404)
        #expect(try upload(.post, [tus]).status == 400)
        #expect(try upload(.post, [tus, ("Upload-Length", "3")]).status == 201)
        #expect(try upload(.patch, [("Upload-Offset", "0")], "x").status == 412)
        #expect(try upload(.patch, [tus, ("Upload-Offset", "0")], "012").status == 204)
        #expect(try upload(.patch, [tus, ("Upload-Offset", "0")], "012").status == 409)
        #expect(try upload(.head, [tus]).headers[.init("Upload-Offset")!] == "3")
    }

    @Test func `a rate limit counts by key and ends where it is told to`() throws {
        let target = "/api/ratelimit?first=2&key=a&retryAfter=7"
        #expect(try get(target).headers[.retryAfter] == "7")
        #expect(try get(target).status == 429)
        #expect(try get(target).status == 200)
        #expect(try get("/api/ratelimit?first=2&key=b").status == 429)
    }

    @Test func `conditions are as RFC 9110 says`() throws {
        #expect(try get("/api/etag", [.ifNoneMatch: #"W/"v1""#]).status == 304)
        #expect(try get("/api/etag", [.ifNoneMatch: #""v2""#]).status == 200)
        #expect(try get("/api/etag", [.ifMatch: #""v2""#]).status == 412)
    }

    @Test(arguments: [
        ("bytes=0-9", 206, "bytes 0-9/100"), ("bytes=90-", 206, "bytes 90-99/100"),
        ("bytes=-5", 206, "bytes 95-99/100"), ("bytes=100-", 416, "bytes */100"),
        ("lines=1-2", 200, nil),
    ])
    func `ranges too`(range: String, status: Int, contentRange: String?) throws {
        let answer = try get("/api/bytes/100", [.range: range])
        #expect(answer.status == status)
        #expect(answer.headers[.contentRange] == contentRange)
    }

    @Test func `the keyed API takes a key or Basic credentials, and no token`() throws {
        #expect(try get("/keyed/files").status == 401)
        #expect(try provider.ask(.get, "/keyed/files?api_key=mock-key").status == 200)
        let basic = "Basic \(Data("mock-user:mock-password".utf8).base64EncodedString())"
        #expect(try provider.ask(.get, "/keyed/files", [.authorization: basic]).status == 200)
    }
}
