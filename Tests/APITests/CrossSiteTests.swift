import Encoding
import HTTPTypes
import TestSupport
import Testing

/// SECURITY 20 and 22, and what configured origins may.
struct CrossSiteTests {
    private let front: Front
    private static let app = "https://front.test"

    init() throws {
        front = try Front(allowedOrigins: [Self.app], trustsUserParameter: true)
        try front.house.addDrive()
        try front.house.connect()
    }

    /// Where a request comes from, and whether it counts as somebody else's page.
    static let origins: [(Front.Fields, isForeign: Bool)] = [
        ([], false),
        ([("Sec-Fetch-Site", "same-origin")], false),
        ([("Sec-Fetch-Site", "none")], false),
        ([("Origin", "https://app.test")], false),
        ([("Origin", app)], false),
        ([("Sec-Fetch-Site", "cross-site"), ("Origin", app)], false),
        ([("Sec-Fetch-Site", "same-site"), ("Origin", app)], false),
        ([("Sec-Fetch-Site", "none"), ("Origin", app)], false),
        ([("Sec-Fetch-Site", "none"), ("Origin", "https://app.test")], false),
        ([("Sec-Fetch-Site", "same-origin"), ("Origin", "https://app.test")], false),
        ([("Sec-Fetch-Site", "same-origin"), ("Origin", "null")], false),
        ([("Sec-Fetch-Site", "same-origin"), ("Referer", "https://evil.test/")], false),
        ([("Referer", "https://app.test/page")], false), ([("Referer", "\(app)/page")], false),
        ([("Sec-Fetch-Site", "cross-site"), ("Referer", "https://app.test/page")], true),
        ([("Sec-Fetch-Site", "same-site"), ("Referer", "https://app.test/page")], true),
        ([("Sec-Fetch-Site", "cross-site"), ("Referer", "\(app)/page?x#y")], true),
        ([("Sec-Fetch-Site", "cross-site"), ("Origin", "https://app.test")], true),
        ([("Sec-Fetch-Site", "same-site"), ("Origin", "https://app.test")], true),
        ([("Sec-Fetch-Site", "none"), ("Origin", "https://evil.test")], true),
        ([("Sec-Fetch-Site", "none"), ("Origin", "null")], true),
        ([("Sec-Fetch-Site", "same-origin"), ("Origin", "https://evil.test")], true),
        ([("Sec-Fetch-Site", "none"), ("Origin", "\(app)"), ("Origin", "null")], true),
        ([("Sec-Fetch-Site", "Same-Origin")], true), ([("Sec-Fetch-Site", "")], true),
        ([("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "none")], true),
        ([("Sec-Fetch-Site", "made-up"), ("Referer", "https://app.test/")], true),
        ([("Sec-Fetch-Site", "cross-site")], true),
        ([("Sec-Fetch-Site", "same-site")], true),
        ([("Sec-Fetch-Site", "made-up")], true),
        ([("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")], true),
        ([("Sec-Fetch-Site", "cross-site"), ("Origin", "null")], true),
        ([("Sec-Fetch-Site", "cross-site"), ("Referer", "https://evil.test/\(app)")], true),
        ([("Origin", "null")], true), ([("Origin", "")], true),
        ([("Origin", "https://evil.test")], true),
        ([("Origin", "http://app.test")], true), ([("Origin", "https://app.test:444")], true),
        ([("Origin", "https://app.test.evil.test")], true),
        ([("Origin", "https://sub.front.test")], true),
        ([("Origin", "HTTPS://FRONT.TEST")], true),
        ([("Referer", "https://evil.test/")], true), ([("Referer", "garbage")], true),
        ([("Referer", "https://app.test@evil.test/")], true),
    ]

    static let writes: [(HTTPRequest.Method, String)] = [
        (.post, "/api/integrations/drive/connect"), (.delete, "/api/integrations/none/connection"),
        (.post, "/api/integrations/drive/request"), (.post, "/api/integrations/drive/request/x"),
        (.put, "/api/integrations/drive/request/x"), (.patch, "/api/integrations/drive/request/x"),
        (.delete, "/api/integrations/drive/request/x"), (.get, "/api/integrations/drive/request/x"),
        (.head, "/api/integrations/drive/request/x"),
        (.options, "/api/integrations/drive/request/x"),
        (.post, "/grantkeeper/integrations"), (.put, "/grantkeeper/integrations/drive"),
        (.delete, "/grantkeeper/integrations/drive"), (.delete, "/grantkeeper/session"),
        (.post, "/grantkeeper/connect/drive"),
    ]

    @Test(arguments: writes)
    func `another site's page neither changes nor calls anything`(
        method: HTTPRequest.Method, path: String
    ) throws {
        for (headers, isForeign) in Self.origins {
            front.house.network.answer("https://api.test") { _ in FakeAnswer() }
            let before = front.house.network.sent().count
            let session = try front.session(isSuperuser: true)
            let answer = try front.ask(method, path, headers + session, json: "{}")
            #expect((answer.code == "cross_site") == isForeign, "\(headers)")
            if isForeign {
                #expect(answer.status == 403)
                #expect(front.house.network.sent().count == before)
            }
        }
    }

    @Test func `what nginx vouches for is just as ambient as a cookie`() throws {
        for (headers, isForeign) in Self.origins {
            let answer = try front.ask(
                .post, "/api/integrations/drive/connect", headers, json: #"{"accessToken": "t"}"#,
                parameters: ["GRANTKEEPER_USER": "alice"])
            #expect(answer.status == (isForeign ? 403 : 201), "\(headers)")
        }
    }

    @Test func `a key is attached by no browser`() throws {
        let key = try front.key()
        for (headers, _) in Self.origins {
            let answer = try front.ask(
                .post, "/api/integrations/drive/connect", headers + key,
                json: #"{"accessToken": "t"}"#)
            #expect(answer.status == 201, "\(headers)")
        }
    }

    @Test func `reading is the same-origin policy's to guard`() throws {
        for (headers, _) in Self.origins {
            let answer = try front.ask(
                .get, "/api/integrations/drive/connection", headers + front.session())
            #expect(answer.status == 200, "\(headers)")
        }
    }

    @Test(arguments: [
        ("navigate", "document", 200), ("navigate", "iframe", 403), ("navigate", "frame", 403),
        ("navigate", "object", 403), ("no-cors", "image", 403), ("cors", "empty", 403),
        ("websocket", "websocket", 403), ("", "", 403),
    ])
    func `a user whom another site sends to connect is asked first`(
        mode: String, destination: String, status: Int
    ) throws {
        let from: Front.Fields = [
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", mode),
            ("Sec-Fetch-Dest", destination),
        ]
        let answer = try front.ask(
            .get, "/api/integrations/drive/connect?returnTo=/a&popup=1", from + front.session())
        #expect(answer.status == status)
        #expect(answer.headers[.location] == nil)
        #expect(answer.headers[.setCookie] == nil)
        if status == 200 {
            #expect(answer.body.contains("alice"))
            #expect(answer.body.contains("(drive)"))
            #expect(
                answer.body.contains(
                    #"href="/api/integrations/drive/connect?returnTo=/a&amp;popup=1""#))
        }
    }

    @Test func `no user is asked about an integration that is not there`() throws {
        try front.house.addNews([("allowedUsers", ["bob"])])
        let from: Front.Fields = [
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ]
        let alice = try front.session()
        for slug in ["nowhere", "news"] {
            let answer = try front.ask(.get, "/api/integrations/\(slug)/connect", from + alice)
            #expect(answer.status == 404)
            #expect(answer.body.contains("Code: integration_not_found."))
        }
    }

    @Test(arguments: ["\(app)/", "https://app.test/page", "https://evil.test/"])
    func `a Referer saves no one the question: others may have redirected`(page: String) throws {
        let from: Front.Fields = [
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"), ("Referer", page),
        ]
        let answer = try front.ask(
            .get, "/api/integrations/drive/connect", from + front.session())
        #expect(answer.status == 200)
        #expect(answer.body.contains("Connect “Drive” (drive) as alice?"))
    }

    @Test(arguments: [
        ("Sec-Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"),
        ("Sec-Purpose", "prefetch;anonymous-client-ip"), ("Purpose", "prefetch"),
        ("X-Purpose", "preview"), ("X-Moz", "Prefetch"),
    ])
    func `nothing begins because a browser fetches ahead`(name: String, value: String) throws {
        for path in ["/api/integrations/drive/connect", "/grantkeeper/connect/drive"] {
            let answer = try front.ask(
                .get, path,
                [("Sec-Fetch-Site", "same-origin"), (name, value)] + front.session())
            #expect(answer.code == "prefetch_refused")
            #expect(answer.headers[.setCookie] == nil)
        }
    }

    @Test(arguments: [
        "script", "worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet",
        "xslt", "style", "object", "embed", "manifest", "report", "webidentity",
        "speculationrules", "fencedframe", "not-known-yet", "Script", "script, empty",
    ])
    func `SECURITY 35: an answer of an API's is not loaded to be run`(destination: String) throws {
        try expectNothingSent([("Sec-Fetch-Dest", destination)])
    }

    @Test(arguments: [[], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Dest", "empty")]])
    func `SECURITY 35: nor as a service worker, by a browser that says only that`(
        fields: Front.Fields
    ) throws {
        try expectNothingSent(fields + [("Service-Worker", "script")])
    }

    private func expectNothingSent(_ fields: Front.Fields) throws {
        let sent = front.house.network.sent(to: "https://api.test").count
        let answer = try front.ask(
            .get, "/api/integrations/drive/request/x", fields + front.session())
        #expect(answer.code == "cross_site")
        #expect(front.house.network.sent(to: "https://api.test").count == sent)
    }

    @Test(arguments: [
        "audio", "document", "empty", "font", "frame", "iframe", "image", "json", "track", "video",
    ])
    func `what is read or looked at passes`(destination: String) throws {
        let answer = try front.ask(
            .get, "/api/integrations/drive/request/x",
            [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Dest", destination)] + front.session())
        #expect(answer.status == 200)
    }

    @Test func `a link with data that comes from no page asks first, and shows the data`() throws {
        let pattern: JSONValue = ["shop": ["from": "user", "pattern": "[a-z]+"]]
        try front.house.addDrive([
            ("slug", "shop"), ("apiBaseUri", "https://{shop}.test"), ("connectionData", pattern),
        ])
        let path = "/api/integrations/shop/connect?data.shop=attacker"
        let typed: Front.Fields = [
            ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ]
        let page = try front.ask(.get, path, front.session() + typed)
        #expect(page.status == 200)
        #expect(page.body.contains("with shop “attacker”"))
        let own = try front.ask(.get, path, front.session() + [("Sec-Fetch-Site", "same-origin")])
        #expect(own.status == 302)
        let wrong = try front.ask(
            .get, "/api/integrations/shop/connect?data.shop=A1",
            front.session() + [("Sec-Fetch-Site", "same-origin")])
        #expect(wrong.status == 400)
    }
}
