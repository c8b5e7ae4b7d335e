import Encoding
import HTTPTypes
import Primitives
import Proxying
import TestSupport
import Testing

/// SECURITY 32: what of a caller's header reaches an upstream.
struct ForwardedHeadersTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive([("forwardHeaders", ["X-Listed"])])
        try house.connect()
    }

    /// What arrives of that field, sent in the path form.
    private func arrives(_ name: String) throws -> String? {
        let name = try #require(HTTPField.Name(name))
        _ = try house.keeper.relay(
            ProxyCall(method: .get, target: .path("/x"), headers: .incoming([name: "mine"])),
            through: "drive", by: TestKeeper.user("alice"))
        return try #require(house.network.sent(to: "https://api.test").last).headers[name]
    }

    @Test(arguments: [
        "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "Accept-Datetime",
        "Content-Type", "Content-Encoding", "Range", "If-Match", "If-None-Match", "If-Range",
        "If-Modified-Since", "Idempotency-Key", "X-Listed", "x-listed",
        "Content-Range", "Content-Language", "Content-Location", "Content-Disposition",
        "Content-MD5", "Content-Digest", "Repr-Digest", "Digest", "Want-Content-Digest", "Prefer",
        "Slug", "Link", "Cache-Control", "Tus-Resumable", "Upload-Offset", "Upload-Complete",
        "X-Upload-Content-Type", "OData-Version", "Depth", "If", "Overwrite", "Lock-Token",
        "Timeout", "Label", "Apply-To-Redirect-Ref",
    ])
    func `the path form forwards what is on its list`(name: String) throws {
        #expect(try arrives(name) == "mine")
    }

    @Test(arguments: [
        "Cookie", "Origin", "Referer", "On-Behalf-Of", "Host", "Forwarded", "X-Forwarded-For",
        "X-Auth-Request-Access-Token", "Cf-Access-Jwt-Assertion", "X-Unlisted", "User-Agent",
        "Proxy-Authorization", "TE", "Expect", "Content-Length", "Transfer-Encoding", "Via",
        "Sec-Fetch-Site", "Grantkeeper-User", "Acceptable", "X_Listed", "X-Original-URL",
        "X-HTTP-Method-Override",
    ])
    func `and nothing else`(name: String) throws {
        #expect(try arrives(name) == nil)
    }

    @Test func `the caller's authorization is not the connection's`() throws {
        #expect(try arrives("Authorization") == "Bearer access-1")
    }

    @Test(arguments: [
        "Authorization", "COOKIE", "Origin", "Referer", "On-Behalf-Of", "Host", "Proxy-Connection",
        "Forwarded", "X-Forwarded-Proto", "X_Forwarded_For", "Transfer_Encoding", "Connection",
        "Keep-Alive", "TE", "Trailer", "Upgrade", "Content-Length", "Expect", "Sec-Fetch-Mode",
        "", "a b", "a:b", "a\nb", "ü",
        "X-Original-URL", "X-Original-Method", "X-Original-Host", "X_Original_URL", "X-Rewrite-URL",
        "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X_HTTP_Method_Override",
        "X-HTTP-Path-Override", "Method-Override", "X-Forwarded", "X-Forward-For", "Forwarded-For",
        "X-Vercel-Forwarded-For", "X-Real-IP", "X_Real_IP", "x.real.ip", "Client-IP", "X-Client-IP",
        "True-Client-IP", "CF-Connecting-IP", "CF-Connecting-IPv6", "Fastly-Client-IP",
        "X-Cluster-Client-IP", "X-Azure-ClientIP", "Ali-CDN-Real-IP", "X-Remote-Addr",
        "X-Remote-User", "Remote-User", "X-Originating-IP", "X-ProxyUser-IP",
        "WL-Proxy-Client-IP", "X-Envoy-Original-Path", "X-Middleware-Subrequest", "Via",
        "Client-Cert", "SSL-Client-Verify", "X-SSL-Client-Cert", "X-Sendfile-Type",
        "Front-End-HTTPS", "X-Host", "Max-Forwards", "CDN-Loop", "Surrogate-Capability",
        "X-Auth-Request-User",
    ])
    func `the JSON form's forbidden names are refused, and nothing is sent`(name: String) throws {
        #expect(throws: InputError.self) { try house.call(headers: [(name, "x")]) }
        #expect(house.network.sent(to: "https://api.test").isEmpty)
    }

    @Test(arguments: ["a\r\nX: y", "a\nb", "a\rb", "a\u{0}b"])
    func `a value is one line`(value: String) throws {
        #expect(throws: InputError.self) { try house.call(headers: [("X-Mine", value)]) }
        #expect(house.network.sent(to: "https://api.test").isEmpty)
    }

    @Test(arguments: [
        "X-Request-Id", "X-Requested-With", "Prefer", "X-Api-Version", "X-Client-Id", "X-Tenant",
        "Depth", "Notion-Version", "X-Auth-Email", "PSU-IP-Address", "X-Goog-Api-Client",
    ])
    func `an API's own names are not among them`(name: String) throws {
        try house.call(headers: [(name, "mine")])
        let sent = try #require(house.network.sent(to: "https://api.test").last)
        #expect(sent.headers[try #require(HTTPField.Name(name))] == "mine")
    }

    /// An API whose key goes in a header, with a fixed field beside it.
    private func addKeyed(_ changes: [(String, JSONValue)] = []) throws {
        try house.addNews([("headers", ["X-Tenant": "acme"])] + changes)
        try house.connect(to: "news", with: ["apiKey": "the-key"])
    }

    @Test(arguments: ["X-Api-Key", "x_api_key", "X_API-Key", "x.api.key", "X~Api~Key"])
    func `the credential's field is no one else's, in any spelling`(name: String) throws {
        try addKeyed()
        #expect(throws: InputError.self) {
            try house.call(slug: "news", headers: [(name, "mine")])
        }
        #expect(house.network.sent(to: "https://news.test").isEmpty)
    }

    @Test func `a fixed field is the integration's, in any spelling`() throws {
        try addKeyed()
        try house.call(slug: "news", headers: [("X-Tenant", "mine")])
        #expect(
            house.network.sent(to: "https://news.test").last?.headers[
                try #require(HTTPField.Name("X-Tenant"))] == "acme")
        #expect(throws: InputError.self) {
            try house.call(slug: "news", headers: [("x_tenant", "mine")])
        }
    }

    @Test(
        arguments: [
            ("forwardHeaders", ["X-Api-Key"]), ("forwardHeaders", ["x_api_key"]),
            ("headers", ["X_API_KEY": "v"]), ("forwardHeaders", ["X-Original-URL"]),
            ("headers", ["x_real_ip": "v"]), ("forwardHeaders", ["CDN-Loop"]),
        ] as [(String, JSONValue)])
    func `an operator cannot let them through either`(field: String, value: JSONValue) throws {
        let problem = house.problem { try house.addNews([(field, value)]) }
        #expect(problem?.contains("cannot be set in calls to the API") == true)
    }

    @Test func `the path form does not pass on what servers take for the credential's`() throws {
        let placement: JSONValue = ["in": "header", "name": "if_key"]
        try house.addNews([("slug", "odd"), ("credentialPlacement", placement)])
        try house.connect(to: "odd", with: ["apiKey": "the-key"])
        let name = try #require(HTTPField.Name("If-Key"))
        _ = try house.keeper.relay(
            ProxyCall(method: .get, target: .path("/x"), headers: .incoming([name: "mine"])),
            through: "odd", by: TestKeeper.user("alice"))
        let sent = try #require(house.network.sent(to: "https://news.test").last)
        #expect(sent.headers[name] == nil)
        #expect(sent.headers[try #require(HTTPField.Name("if_key"))] == "the-key")
    }
}
