import HTTPTypes
import TestSupport
import Testing

struct CrossOriginSharingTests {
    private let front: Front

    init() throws {
        front = try Front(allowedOrigins: ["https://front.test", "https://other.test:8443"])
    }

    @Test(arguments: ["https://front.test", "https://other.test:8443"])
    func `a configured origin's preflight is answered`(origin: String) throws {
        let answer = try front.ask(
            .options, "/api/integrations/drive/request/x",
            [
                ("Origin", origin), ("Access-Control-Request-Method", "PUT"),
                ("Access-Control-Request-Headers", "content-type, x-mine"),
            ])
        #expect(answer.status == 204)
        #expect(answer.headers[.accessControlAllowOrigin] == origin)
        #expect(answer.headers[.accessControlAllowCredentials] == "true")
        #expect(answer.headers[.accessControlAllowMethods]?.contains("PUT") == true)
        #expect(answer.headers[.accessControlAllowHeaders] == "content-type, x-mine")
        #expect(answer.headers[.vary] == "Origin")
    }

    @Test(arguments: [
        ("PROPFIND", true), ("TRACE", false), ("CONNECT", false), ("a b", false), ("", false),
    ])
    func `a preflight allows the method that it asks for, as far as calls are made with it`(
        method: String, isAllowed: Bool
    ) throws {
        let allowed = try front.ask(
            .options, "/api/integrations/drive/request/x",
            [("Origin", "https://front.test"), ("Access-Control-Request-Method", method)]
        ).headers[.accessControlAllowMethods]
        let usual = "GET, HEAD, POST, PUT, PATCH, DELETE"
        #expect(allowed == (isAllowed ? "\(usual), \(method)" : usual))
    }

    @Test func `a configured origin's page reads answers, errors too`() throws {
        for target in ["/grantkeeper/healthz", "/grantkeeper/session", "/nowhere"] {
            let answer = try front.ask(.get, target, [("Origin", "https://front.test")])
            #expect(answer.headers[.accessControlAllowOrigin] == "https://front.test")
            #expect(answer.headers[.accessControlAllowCredentials] == "true")
            #expect(answer.headers[.accessControlExposeHeaders]?.contains("Link") == true)
        }
    }

    @Test(arguments: [
        "https://evil.test", "null", "", "*", "http://front.test", "https://front.test:444",
        "https://front.test/", "https://FRONT.test", "https://sub.front.test",
        "https://front.test.evil.test", "https://other.test",
        "https://front.test, https://evil.test",
        "https://app.test",
    ])
    func `nobody else gets a CORS header`(origin: String) throws {
        let headers: Front.Fields = [
            ("Origin", origin), ("Access-Control-Request-Method", "GET"),
        ]
        for method in [HTTPRequest.Method.options, .get] {
            let answer = try front.ask(method, "/grantkeeper/healthz", headers)
            #expect(!answer.headers.contains { $0.name.canonicalName.hasPrefix("access-control-") })
            #expect(answer.headers[.vary] == "Origin")
        }
    }

    @Test func `without configured origins there is nothing to vary by`() throws {
        let answer = try Front().ask(
            .get, "/grantkeeper/healthz", [("Origin", "https://front.test")])
        #expect(answer.headers[.vary] == nil)
        #expect(answer.headers[.accessControlAllowOrigin] == nil)
    }

    @Test func `OPTIONS without a preflight's fields is no preflight`() throws {
        let answer = try front.ask(
            .options, "/grantkeeper/session", [("Origin", "https://front.test")])
        #expect(answer.status == 405)
    }
}
