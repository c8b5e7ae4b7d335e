import Encoding
import HTTPTypes
import OAuth
import TestSupport
import Testing

struct SessionTests {
    private let front: Front

    init() throws {
        front = try Front()
    }

    /// The path and query of a start URL for that user.
    private func startTarget(_ user: String = "alice") throws -> String {
        let made = try front.ask(
            .post, "/grantkeeper/sessions", front.key("root", isSuperuser: true),
            json: #"{"userId": "\#(user)"}"#)
        let url = try #require(made.json["startUrl"]?.stringValue)
        #expect(url.hasPrefix("https://app.test/grantkeeper/sessions/start?ticket="))
        return String(url.dropFirst("https://app.test".count))
    }

    private static let own: Front.Fields = [("Sec-Fetch-Site", "same-origin")]

    private func who(_ cookie: String) throws -> String? {
        try front.ask(.get, "/grantkeeper/session", [("Cookie", cookie)]).json["userId"]?
            .stringValue
    }

    @Test func `SECURITY 17: cookies are the host's alone, and no script's`() throws {
        try front.house.addDrive()
        let signedIn = try front.ask(.get, startTarget(), Self.own)
        let session = try #require(signedIn.headers[.setCookie])
        let begun = try front.ask(
            .get, "/api/integrations/drive/connect",
            [("Cookie", String(session.prefix { $0 != ";" }))])
        let browser = try #require(begun.headers[.setCookie])
        for (cookie, name, lifetime) in [
            (session, "__Host-grantkeeper", 604_800), (browser, "__Host-grantkeeper-browser", 600),
        ] {
            let parts = cookie.split(separator: "; ")
            #expect(parts[0].hasPrefix("\(name)="))
            #expect(parts[0].utf8.count == name.utf8.count + 1 + 43)
            #expect(
                parts.dropFirst().sorted()
                    == ["HttpOnly", "Max-Age=\(lifetime)", "Path=/", "SameSite=Lax", "Secure"])
        }
    }

    @Test func `a ticket works once, and soon`() throws {
        let target = try startTarget()
        #expect(try front.ask(.get, target, Self.own).status == 302)
        #expect(try front.ask(.get, target, Self.own).code == "invalid_ticket")
        #expect(try front.ask(.get, target).code == "invalid_ticket")
        let late = try startTarget()
        front.house.clock.advance(by: 60)
        #expect(try front.ask(.get, late).code == "invalid_ticket")
        for wrong in ["", "?ticket=", "?ticket=wrong", "?ticket=%00"] {
            let answer = try front.ask(.get, "/grantkeeper/sessions/start\(wrong)")
            #expect(answer.code == "invalid_ticket")
            #expect(answer.headers[.setCookie] == nil)
        }
    }

    @Test(
        arguments: [
            ([("Sec-Fetch-Site", "cross-site")], true), ([("Sec-Fetch-Site", "same-site")], true),
            ([("Sec-Fetch-Site", "none")], true), ([("Referer", "https://evil.test/")], true),
            ([("Sec-Fetch-Site", "cross-site"), ("Referer", "https://app.test/")], true),
            ([("Sec-Fetch-Site", "same-site"), ("Referer", "https://app.test/")], true),
            ([("Sec-Fetch-Site", "cross-site"), ("Origin", "https://app.test")], true),
            ([("Sec-Fetch-Site", "made-up")], true), ([("Referer", "https://app.test/")], true),
            ([("Origin", "null")], true), ([("Sec-Fetch-Site", "same-origin")], false), ([], true),
            ([("Origin", "https://app.test")], true),
        ] as [(Front.Fields, Bool)])
    func `a user who may not have meant it is asked, and the ticket stays good`(
        from: Front.Fields, isAsked: Bool
    ) throws {
        let target = try startTarget("mallory")
        let answer = try front.ask(.get, target, from)
        #expect(answer.status == (isAsked ? 200 : 302))
        #expect((answer.headers[.setCookie] == nil) == isAsked)
        if isAsked {
            #expect(answer.body.contains("Continue as mallory?"))
            #expect(try front.ask(.get, target, [("Sec-Fetch-Site", "same-origin")]).status == 302)
        }
    }

    @Test func `a ticket is not used up by a browser that fetches ahead`() throws {
        let target = try startTarget()
        let answer = try front.ask(
            .get, target, [("Sec-Fetch-Site", "same-origin"), ("Sec-Purpose", "prefetch")])
        #expect(answer.code == "prefetch_refused")
        #expect(answer.headers[.setCookie] == nil)
        #expect(try front.ask(.get, target, [("Sec-Fetch-Site", "same-origin")]).status == 302)
    }

    private func answerQuestion(
        _ target: String, _ from: Front.Fields = [], type: String? = nil
    ) throws -> Front.Answer {
        let parts = target.split(separator: "?")
        let type = type ?? "application/x-www-form-urlencoded"
        return try front.ask(
            .post, String(parts[0]), from + [("Content-Type", type)], json: String(parts[1]))
    }

    @Test(arguments: ["curl/8.0", "Slackbot-LinkExpanding 1.0", ""])
    func `SECURITY 48: a program that fetches links uses no ticket up, and gets no cookie`(
        agent: String
    ) throws {
        let target = try startTarget()
        for _ in 1...3 {
            let answer = try front.ask(.get, target, [("User-Agent", agent), ("Accept", "*/*")])
            #expect(answer.status == 200)
            #expect(answer.headers[.setCookie] == nil)
            #expect(
                answer.body.contains(#"<form method="post" action="/grantkeeper/sessions/start">"#))
            #expect(try front.ask(.head, target).status == 405)
        }
        #expect(try answerQuestion(target, Self.own).headers[.setCookie] != nil)
    }

    @Test(
        arguments: [
            [("Sec-Fetch-Site", "same-origin"), ("Origin", "https://app.test")],
            [("Origin", "https://app.test")], [],
        ] as [Front.Fields])
    func `a user who continues is signed in, once, and goes on by a page of its own`(
        from: Front.Fields
    ) throws {
        let target = try startTarget()
        let page = try front.ask(.get, target)
        // The page's Referer is without the ticket, and its form says its Origin.
        #expect(page.field("Referrer-Policy") == "strict-origin")
        let answer = try answerQuestion(target, from)
        #expect(answer.status == 200)
        let cookie = try #require(answer.headers[.setCookie])
        #expect(try who(String(cookie.prefix { $0 != ";" })) == "alice")
        #expect(answer.field("Refresh") == "0; url=https://app.test/")
        let again = try answerQuestion(target, from)
        #expect(again.code == "invalid_ticket")
        #expect(again.headers[.setCookie] == nil)
    }

    @Test(
        arguments: [
            [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.test")],
            [("Sec-Fetch-Site", "same-site")], [("Origin", "https://evil.test")],
            [("Origin", "null")], [("Referer", "https://evil.test/")],
            [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://app.test")],
            [("Sec-Fetch-Site", "none")],
        ] as [Front.Fields])
    func `SECURITY 20: another site's form signs no one in, and the ticket stays good`(
        from: Front.Fields
    ) throws {
        let target = try startTarget("mallory")
        let answer = try answerQuestion(target, from)
        #expect(answer.status == 403)
        #expect(answer.headers[.setCookie] == nil)
        #expect(try answerQuestion(target, Self.own).status == 200)
    }

    @Test func `SECURITY 21: a ticket comes as the page's form, and as nothing else`() throws {
        let target = try startTarget()
        for type in ["text/plain", "application/json"] {
            #expect(try answerQuestion(target, type: type).status == 415)
        }
        #expect(try answerQuestion("/grantkeeper/sessions/start?other=x").code == "invalid_ticket")
        #expect(try answerQuestion(target).status == 200)
    }

    @Test(arguments: [nil, 600] as [Int?])
    func `the application can set the session's cookie itself, as it is told`(seconds: Int?) throws
    {
        let lifetime = seconds.map { #", "expiresIn": \#($0)"# } ?? ""
        let made = try front.ask(
            .post, "/grantkeeper/sessions", front.key("root", isSuperuser: true),
            json: #"{"userId": "alice"\#(lifetime)}"#
        ).json
        let field = try #require(made["setCookie"]?.stringValue)
        let parts = field.split(separator: "; ").map(String.init)
        let name = try #require(made["cookie"]?.stringValue)
        let token = try #require(made["token"]?.stringValue)
        #expect(parts[0] == "\(name)=\(token)")
        #expect(
            parts.dropFirst().sorted()
                == [
                    "HttpOnly", "Max-Age=\(seconds ?? 604_800)", "Path=/", "SameSite=Lax", "Secure",
                ])
        #expect(try who(parts[0]) == "alice")
    }

    @Test func `SECURITY 18: the session that a browser had dies when it signs in again`() throws {
        let old = try front.session("bob")
        let answer = try front.ask(.get, startTarget(), old + Self.own)
        let new = String(try #require(answer.headers[.setCookie]).prefix { $0 != ";" })
        #expect(try who(new) == "alice")
        #expect(try who(old[0].value) == nil)
    }

    @Test func `SECURITY 18: an id that the client chose is not adopted`() throws {
        let chosen = "__Host-grantkeeper=\(RandomToken.make())"
        let answer = try front.ask(.get, startTarget(), [("Cookie", chosen)] + Self.own)
        #expect(try #require(answer.headers[.setCookie]).hasPrefix(chosen) == false)
        #expect(try who(chosen) == nil)
    }

    @Test func `logging out ends the session and the flows that it began`() throws {
        try front.house.addDrive()
        let alice = try front.session()
        let begun = try front.ask(.get, "/api/integrations/drive/connect", alice)
        let query = try #require(begun.headers[.location]?.split(separator: "?").last)
        let state = try #require(Form(encoded: query)?["state"])
        let browser = String(try #require(begun.headers[.setCookie]).prefix { $0 != ";" })
        let answer = try front.ask(.delete, "/grantkeeper/session", alice)
        #expect(answer.status == 204)
        #expect(answer.headers[.setCookie]?.contains("Max-Age=0") == true)
        #expect(try who(alice[0].value) == nil)
        let end = try front.ask(
            .get, "/oauth2/callback?code=c&state=\(state)", [("Cookie", browser)])
        #expect(end.headers[.location]?.contains("error=invalid_state") == true)
        #expect(front.house.network.sent().isEmpty)
    }

    @Test(arguments: [
        "{}", "[]", #"{"userId": ""}"#, #"{"userId": 1}"#, #"{"userId": "a", "superuser": "yes"}"#,
        #"{"userId": "a", "expiresIn": 0}"#, #"{"userId": "a", "expiresIn": 604801}"#,
        #"{"userId": "a", "expiresIn": 1e3}"#,
        #"{"userId": "a", "expiresIn": 99999999999999999999}"#,
        #"{"userId": "a", "returnTo": "//evil.test"}"#, #"{"userId": "a", "more": 1}"#,
        #"{"userId": "a\u0000b"}"#, #"{"userId": "a", "userId": "b"}"#,
    ])
    func `what a session cannot be made of is a 400`(json: String) throws {
        let key = try front.key("root", isSuperuser: true)
        #expect(try front.ask(.post, "/grantkeeper/sessions", key, json: json).status == 400)
    }
}
