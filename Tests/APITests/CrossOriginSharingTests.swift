import FoundationEssentials
import HTTPTypes
import Headers
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
            let exposed = answer.headers[.accessControlExposeHeaders] ?? ""
            #expect(exposed.hasPrefix("Date, Grantkeeper-Request-Id, Content-Type"))
            #expect(!exposed.contains("Link") && !exposed.contains("Access-Control"))
        }
    }

    /// What an API answers to a call from there.
    private func answerOfAPI(_ headers: Front.Fields, fields: HeaderFields = [:]) throws
        -> Front.Answer
    {
        let front = try Front(allowedOrigins: ["https://front.test"], trustsUserParameter: true)
        try front.house.addDrive()
        try front.house.connect()
        front.house.network.answer("https://api.test") { _ in FakeAnswer(headers: fields) }
        return try front.ask(
            .get, "/api/integrations/drive/request/x", headers,
            parameters: ["GRANTKEEPER_USER": "alice"])
    }

    @Test func `a script may read the fields that the answer has, and no others`() throws {
        let name = try #require(HTTPField.Name("X-Next-Page"))
        let hidden = try #require(HTTPField.Name("Set-Cookie"))
        let answer = try answerOfAPI(
            [("Origin", "https://front.test")], fields: [name: "2", hidden: "a=b", .eTag: "1"])
        let exposed = answer.headers[.accessControlExposeHeaders]?.components(separatedBy: ", ")
        let names = Set((exposed ?? []).map { $0.lowercased() })
        #expect(exposed?.count == names.count)
        #expect(names.isSuperset(of: ["x-next-page", "etag", "upstream-attempts", "proxy-status"]))
        #expect(
            names.subtracting(answer.headers.map(\.name.canonicalName)) == [
                "date", "grantkeeper-request-id",
            ])
        #expect(!names.contains("set-cookie"))
    }

    @Test func `the list of fields is never too much for nginx`() throws {
        var fields = HeaderFields()
        for number in 0..<900 {
            let name = try #require(HTTPField.Name("X-Field-Of-Some-Length-\(number)"))
            fields[name] = String(repeating: "x", count: 30)
        }
        let answer = try answerOfAPI([("Origin", "https://front.test")], fields: fields)
        #expect(answer.status == 200)
        let size = answer.headers.reduce(0) {
            $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4
        }
        #expect(size < 65_000)
    }

    @Test(
        arguments: [
            ([("Origin", "https://front.test")], "cross-origin"),
            ([("Referer", "https://front.test/page?x#y")], "cross-origin"),
            ([], "same-origin"), ([("Referer", "https://app.test/page")], "same-origin"),
            (
                [("Sec-Fetch-Site", "same-origin"), ("Referer", "https://evil.test/")],
                "same-origin"
            ),
            (
                [("Sec-Fetch-Site", "same-origin"), ("Referer", "https://front.test@evil.test/")],
                "same-origin"
            ),
        ] as [(Front.Fields, String)])
    func `a configured origin's page may show what an API answers`(
        headers: Front.Fields, policy: String
    ) throws {
        let answer = try answerOfAPI(headers)
        #expect(answer.status == 200)
        #expect(answer.field("Cross-Origin-Resource-Policy") == policy)
    }

    @Test func `an image of a configured origin's page is a call of another site all the same`()
        throws
    {
        let answer = try answerOfAPI([
            ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Dest", "image"),
            ("Referer", "https://front.test/"),
        ])
        #expect(answer.status == 403 && answer.code == "cross_site")
    }

    @Test(arguments: [
        "https://evil.test", "null", "", "*", "http://front.test", "https://front.test:444",
        "https://front.test/", "https://FRONT.test", "https://sub.front.test",
        "https://front.test.evil.test", "https://other.test",
        "https://front.test, https://evil.test",
        "https://app.test",
    ])
    func `no other origin gets a CORS header`(origin: String) throws {
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
