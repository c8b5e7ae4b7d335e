import TestSupport
import Testing

/// Errors that people see in a browser's window.
struct ProblemPageTests {
    private let front: Front
    private static let person: Front.Fields = [
        ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ]
    private static let form: Front.Fields = [("Content-Type", "application/x-www-form-urlencoded")]
    private static let connect = "/api/integrations/news/connect"
    private static let page = "/grantkeeper/connect/news"

    init() throws {
        front = try Front()
        try front.house.addNews([("name", "News")])
    }

    /// That the answer is a page with what an error has, and how it says it.
    private func expectPage(
        _ answer: Front.Answer, _ status: Int, _ code: String, _ sentence: String
    ) throws {
        #expect(answer.status == status)
        #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
        #expect(answer.headers[.cacheControl] == "no-store")
        let policy = try #require(answer.headers[.contentSecurityPolicy])
        #expect(policy.contains("default-src 'none'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(answer.field("Referrer-Policy") == "no-referrer")
        #expect(answer.body.contains(sentence), "\(answer.body)")
        #expect(answer.body.contains("What you can do:"))
        #expect(answer.body.contains("Code: \(code). Request: request-1."))
    }

    @Test(arguments: [Self.connect, Self.page])
    func `a person whose session has expired is told to sign in`(target: String) throws {
        for cookie in [[], [("Cookie", "__Host-grantkeeper=over")]] as [Front.Fields] {
            let answer = try front.ask(.get, target, Self.person + cookie)
            try expectPage(answer, 401, "unauthenticated", "<h1>Not signed in</h1>")
            #expect(answer.headers[.wwwAuthenticate] == #"Bearer realm="grantkeeper""#)
        }
    }

    @Test
    func `a session that ended while the form was filled in gives a page without what was typed`()
        throws
    {
        let answer = try front.ask(
            .post, Self.page, Self.person + Self.form, json: "apiKey=canary")
        try expectPage(answer, 401, "unauthenticated", "Nothing was stored.")
        #expect(!answer.body.contains("canary"))
    }

    @Test func `who may not make the shared connection is told whom to ask`() throws {
        try front.house.addNews([("slug", "ours"), ("mode", "shared")])
        let alice = try front.session()
        let answers = [
            try front.ask(.get, "/api/integrations/ours/connect", Self.person + alice),
            try front.ask(.get, "/grantkeeper/connect/ours", Self.person + alice),
            try front.ask(
                .post, "/grantkeeper/connect/ours", Self.person + Self.form + alice,
                json: "apiKey=k"),
        ]
        for answer in answers {
            try expectPage(
                answer, 403, "shared_connection_not_owner",
                "Ask an administrator to connect it")
            #expect(answer.body.contains("No one else has connected it"))
        }
        _ = try front.house.keeper.handOver(["apiKey": "k"], to: "ours", by: TestKeeper.root)
        for path in ["/api/integrations/ours/connect", "/grantkeeper/connect/ours"] {
            try expectPage(
                try front.ask(.get, path, Self.person + alice), 403, "shared_connection_not_owner",
                "Ask its owner")
        }
    }

    @Test
    func `SECURITY 23: an integration that is not for the user is like one that is not there`()
        throws
    {
        try front.house.addNews([("slug", "hidden"), ("allowedUsers", ["bob"])])
        let alice = try front.session()
        for path in ["/api/integrations/{}/connect", "/grantkeeper/connect/{}"] {
            let answers = try ["hidden", "nowhere"].map { slug in
                try front.ask(.get, path.replacing("{}", with: slug), Self.person + alice)
            }
            try expectPage(answers[0], 404, "integration_not_found", "no such integration")
            #expect(answers[0].body == answers[1].body)
        }
    }

    @Test func `a link that is not right says what an administrator should change`() throws {
        let answer = try front.ask(
            .get, Self.page + "?returnTo=//evil.test", Self.person + front.session())
        try expectPage(answer, 400, "invalid_return_to", "For an administrator:")
        #expect(!answer.body.contains("evil.test"))
        let foreign: Front.Fields = [
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ]
        let posted = try front.ask(
            .post, Self.page, foreign + Self.form + front.session(), json: "apiKey=k")
        try expectPage(posted, 403, "cross_site", "sent by another site&#39;s page")
    }

    @Test func `a start URL that was used says where to get another`() throws {
        let answer = try front.ask(.get, "/grantkeeper/sessions/start?ticket=used", Self.person)
        try expectPage(answer, 400, "invalid_ticket", "ask for a new one")
    }

    @Test func `a browser that says no Fetch Metadata is known by accepting HTML`() throws {
        let accept: Front.Fields = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")]
        try expectPage(
            try front.ask(.get, Self.connect, accept), 401, "unauthenticated", "Sign in to")
        let fetched = accept + [("Sec-Fetch-Mode", "cors")]
        #expect(try front.ask(.get, Self.connect, fetched).code == "unauthenticated")
    }

    @Test(
        arguments: [
            [], [("Accept", "*/*")], [("Accept", "application/json")],
            [("Accept", "text/html;q=0")], [("Accept", "text/html;q=0, */*")],
            [("Accept", "application/json, text/html;q=0.5")],
            [("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty")],
            [("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")],
        ] as [Front.Fields])
    func `a program gets JSON`(headers: Front.Fields) throws {
        for target in [Self.connect, Self.page, "/grantkeeper/sessions/start"] {
            let answer = try front.ask(.get, target, headers)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer.code != nil)
        }
    }

    @Test(arguments: [
        "/api/integrations/news/request/x", "/api/integrations/news/connection",
        "/api/integration-connections", "/grantkeeper/integrations/nowhere", "/nowhere",
    ])
    func `a call stays what it is, also when a person types its address`(target: String) throws {
        for headers in [[], try front.session()] {
            let answer = try front.ask(.get, target, Self.person + headers)
            #expect(!answer.body.contains("<html"))
            #expect(answer.headers[.contentType] != "text/html; charset=utf-8")
        }
    }
}
