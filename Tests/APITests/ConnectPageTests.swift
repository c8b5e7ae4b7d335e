import Encoding
import HTTPClient
import HTTPTypes
import TestSupport
import Testing

struct ConnectPageTests {
    private let front: Front
    private static let own: Front.Fields = [("Sec-Fetch-Site", "same-origin")]

    init() throws {
        front = try Front(allowedOrigins: ["https://front.test"], trustsUserParameter: true)
        let shop: JSONValue = [
            "shop": [
                "from": "user", "pattern": "[a-z][a-z0-9-]*", "title": "Shop", "example": "acme",
            ],
            "region": ["from": "user", "pattern": "eu|us", "optional": true],
            "version": ["from": "user", "pattern": "[0-9]{4}", "default": "2025"],
        ]
        try front.house.addDrive([
            ("slug", "shop"), ("name", "Shop"), ("connectionData", shop),
            ("authUri", "https://{shop}.provider.test/authorize"),
            ("apiBaseUri", "https://{shop}.api.test"),
        ])
        try front.house.addNews([
            ("name", "News"), ("credentialTestPath", "/me"), ("connectionData", shop),
            ("apiBaseUri", "https://{shop}.news.test"),
            ("credentialPlacement", ["in": "header", "name": "X-Key"]),
        ])
    }

    private func page(_ target: String, _ headers: Front.Fields = own) throws -> Front.Answer {
        try front.ask(.get, "/grantkeeper/connect/\(target)", headers + front.session())
    }

    private func post(
        _ form: String, to slug: String = "news", _ headers: Front.Fields = own,
        type: String = "application/x-www-form-urlencoded"
    ) throws -> Front.Answer {
        try front.ask(
            .post, "/grantkeeper/connect/\(slug)",
            headers + front.session() + [("Content-Type", type)], json: form)
    }

    private var isConnected: Bool {
        get throws {
            try front.ask(
                .get, "/api/integrations/news/connection", front.session()
            ).status == 200
        }
    }

    // The page

    @Test func `it asks for what the provider does not ask for, and says for what and as whom`()
        throws
    {
        let body = try page("shop").body
        #expect(body.contains("<h1>Connect “Shop” as alice</h1>"))
        #expect(body.contains(#"<form method="get" action="/api/integrations/shop/connect""#))
        #expect(body.contains(#"<label for="data.shop">Shop"#))
        #expect(body.contains(#"pattern="[a-z][\-0-9a-z]*""#))
        #expect(body.contains("Such as acme"))
        #expect(body.contains(#"name="data.version" type="text" value="2025""#))
        #expect(body.contains(#"<label for="data.region">region <span class="quiet">(optional)"#))
        #expect(body.contains("<title>Connect “Shop” as alice</title>"))
        #expect(body.split(separator: " required").count == 2)
        #expect(body.split(separator: " autofocus").count == 2)
        #expect(!body.contains("<script"))
    }

    @Test func `it hides a credential, keeps it from the browser's store, and says where it goes`()
        throws
    {
        let body = try page("news?data.shop=acme").body
        #expect(body.contains(#"<form method="post" action="/grantkeeper/connect/news""#))
        #expect(body.contains(#"name="data.shop" type="text" value="acme""#))
        let key = try #require(
            body.split(separator: "<input").first { $0.contains(#"id="apiKey""#) })
        #expect(key.contains(#"type="password" value="""#))
        #expect(key.contains(#"autocomplete="new-password""#))
        #expect(key.contains(" autofocus"))
    }

    @Test func `it says in a person's words where a credential is used`() throws {
        let known = try front.house.addNews([
            ("slug", "known"), ("connectionData", ["shop": ["pattern": "[a-z]+"]]),
            ("apiBaseUri", "https://{shop}.news.test"), ("data", ["shop": "acme"]),
        ])
        #expect(try page(known.slug).body.contains("used for calls to https://acme.news.test,"))
        for slug in ["news", "news?data.shop=acme"] {
            let body = try page(slug).body
            #expect(body.contains("used for calls to “News”,"))
            #expect(!body.contains("{shop}"))
        }
    }

    @Test(arguments: [("basic", ["username", "password"]), ("bearer", ["token"])])
    func `it asks for what the integration takes`(type: String, names: [String]) throws {
        try front.house.addNews([("slug", "other"), ("authType", .string(type))])
        let body = try page("other").body
        for name in names { #expect(body.contains(#"name="\#(name)""#)) }
        #expect(!body.contains("apiKey"))
    }

    @Test func `it calls a credential what people find it under, and says where`() throws {
        try front.house.addNews([
            ("slug", "calls"), ("authType", "basic"), ("credentialTestPath", "/"),
            ("apiBaseUri", "https://calls.test"),
            (
                "credentialForm",
                [
                    "username": "Account <SID>", "password": "Auth token",
                    "help": #"Both are in the <a href="//evil.test">console</a>."#,
                ]
            ),
        ])
        let body = try page("calls").body
        #expect(body.contains(#"<label for="username">Account &lt;SID&gt;</label>"#))
        #expect(body.contains(#"<label for="password">Auth token</label>"#))
        #expect(body.contains(#"<p id="help">Both are in the &lt;a href="#))
        #expect(body.contains(#"aria-describedby="help username-hint""#))
        #expect(body.contains(#"aria-describedby="help password-hint""#))
        front.house.network.answer("https://calls.test") { _ in FakeAnswer(401) }
        let refused = try post("username=AC1&password=canary", to: "calls").body
        #expect(refused.contains("refused “Account &lt;SID&gt;” and “Auth token” (status 401)."))
        let colon = try post("username=A:C&password=canary", to: "calls").body
        #expect(colon.contains("“Account &lt;SID&gt;” and “Auth token” cannot be right"))
        #expect(!(try page("news").body.contains(#"id="help""#)))
    }

    @Test func `it goes on where the first address wanted`() throws {
        let body = try page("shop?returnTo=/a%3Fb&popup=1").body
        #expect(body.contains(#"<input type="hidden" name="returnTo" value="/a?b">"#))
        #expect(body.contains(#"<input type="hidden" name="popup" value="1">"#))
        #expect(try page("shop?returnTo=//evil.test").code == "invalid_return_to")
        #expect(try page("shop?returnTo=/a&returnTo=/b").code == "invalid_return_to")
    }

    @Test func `SECURITY 11: what is given and named is shown as text`() throws {
        let nasty = #""><script>alert(1)</script>"#
        // With an accent behind it a quotation mark is no 'Character' of its own.
        let accented = "\"\u{301} onfocus=alert(2)"
        try front.house.addNews([
            ("slug", "nasty"), ("name", .string(nasty)),
            ("connectionData", ["note": ["from": "user", "title": .string(accented)]]),
        ])
        for value in [nasty, accented] {
            let body = try page("nasty?data.note=\(PercentEncoding.encode(value))").body
            #expect(!body.contains("<script"))
            #expect(body.contains("&lt;script&gt;alert(1)"))
            #expect(!body.utf8Contains(accented))
            #expect(body.utf8Contains(accented.replacingQuotationMark))
        }
    }

    @Test func `SECURITY 20: browsers that know no Fetch Metadata say where the form comes from`()
        throws
    {
        let answer = try page("news")
        #expect(
            answer.field("Referrer-Policy") == "same-origin")
        let policy = try #require(answer.headers[.contentSecurityPolicy])
        #expect(policy.contains("form-action 'self';"))
    }

    @Test(arguments: ["shop", "news"])
    func `SECURITY 22: a user whom another site sends is asked first`(slug: String) throws {
        let foreign: Front.Fields = [
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ]
        let asked = try page("\(slug)?data.shop=attacker", foreign)
        #expect(asked.status == 200)
        #expect(asked.body.contains("with shop “attacker”"))
        #expect(!asked.body.contains("<form"))
        let typed = try page("\(slug)?data.shop=attacker", [("Sec-Fetch-Site", "none")])
        #expect(!typed.body.contains("<form"))
        #expect(try page(slug, [("Sec-Fetch-Site", "cross-site")]).status == 403)
        #expect(try page(slug, [("Sec-Fetch-Site", "none")]).body.contains("<form"))
        let redirected = foreign + [("Referer", "https://front.test/")]
        #expect(!(try page(slug, redirected).body.contains("<form")))
    }

    @Test
    func `SECURITY 23: an integration that is not for the user is like one that is not there`()
        throws
    {
        try front.house.addNews([("slug", "hidden"), ("allowedUsers", ["bob"])])
        for form in [nil, "apiKey=k"] {
            let answers = try ["hidden", "nowhere"].map { slug in
                if let form { try post(form, to: slug) } else { try page(slug) }
            }
            #expect(answers[0].status == 404)
            #expect(answers[0].body == answers[1].body)
        }
    }

    @Test func `a program is told to use a browser, or the other way`() throws {
        let key = try front.key()
        let target = "/grantkeeper/connect/news"
        #expect(try front.ask(.get, target, key).code == "browser_required")
        let form: Front.Fields = [("Content-Type", "application/x-www-form-urlencoded")]
        #expect(try front.ask(.post, target, key + form, json: "a=b").code == "browser_required")
        #expect(try front.ask(.get, target).status == 401)
    }

    @Test func `SECURITY 24: who may not make the shared connection is not asked for it`() throws {
        try front.house.addNews([("slug", "ours"), ("mode", "shared")])
        #expect(try page("ours").code == "shared_connection_not_owner")
        #expect(try post("apiKey=k", to: "ours").code == "shared_connection_not_owner")
    }

    // On to the provider

    @Test func `what is missing is asked for, and what is given goes to the provider`() throws {
        let connect = "/api/integrations/shop/connect"
        let asked = try front.ask(.get, connect + "?returnTo=/a", Self.own + front.session())
        #expect(
            asked.headers[.location] == "https://app.test/grantkeeper/connect/shop?returnTo=/a")
        let answer = try front.ask(
            .get, connect + "?form=1&data.shop=+acme&data.region=&data.version=",
            Self.own + front.session())
        // Redirects after a form are the form-action's to refuse.
        #expect(answer.status == 200)
        let refresh = try #require(answer.field("Refresh"))
        #expect(refresh.hasPrefix("0; url=https://acme.provider.test/authorize?"))
        #expect(answer.headers[.setCookie] != nil)
        let plain = try front.ask(.get, connect + "?data.shop=acme", Self.own + front.session())
        #expect(plain.status == 302)
    }

    @Test func `a person sees a wrong value on the page, a program gets JSON`() throws {
        let target = "/api/integrations/shop/connect?data.shop=A%3C1"
        let navigation: Front.Fields =
            Self.own + [("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")]
        for (suffix, headers) in [("", navigation), ("&form=1", [])] {
            let answer = try front.ask(.get, target + suffix, headers + front.session())
            #expect(answer.status == 400)
            #expect(answer.body.contains("<title>Error: Connect “Shop” as alice</title>"))
            #expect(answer.body.contains("This cannot be right."))
            #expect(answer.body.contains(#"value="A&lt;1""#))
            #expect(answer.body.contains(#"aria-invalid="true""#))
        }
        let program = try front.ask(.get, target, front.session())
        #expect(program.code == "invalid_connection_data")
    }

    @Test func `what was left empty is asked for again`() throws {
        let body = try page("shop?form=1&data.shop=+").body
        #expect(body.contains("Please fill this in."))
        #expect(!(try page("shop").body.contains("Please fill this in.")))
    }

    @Test(arguments: ["data.unheard=x", "data.shop=a&data.shop=b"])
    func `what no field shows is said`(query: String) throws {
        let answer = try front.ask(
            .get, "/api/integrations/shop/connect?form=1&data.shop=acme&\(query)",
            Self.own + front.session())
        #expect(answer.status == 400)
        #expect(answer.body.contains("gave something that is not asked for"))
        #expect(!answer.body.contains("data.unheard"))
    }

    // A credential

    @Test func `a credential that works makes a connection, and is tried where it is for`() throws {
        let answer = try post("form=1&data.shop=acme&apiKey=+the-key%20&data.region=&popup=1")
        #expect(answer.status == 303)
        #expect(
            answer.headers[.location]
                == "https://app.test/grantkeeper/connected?integration=news&connected=1&popup=1")
        let sent = try #require(front.house.network.sent().last)
        #expect(sent.url == "https://acme.news.test/me")
        let key = try #require(HTTPField.Name("X-Key"))
        #expect(sent.headers[key] == "the-key")
        #expect(try isConnected)
    }

    @Test func `returnTo is reached by a page, which no form-action holds up`() throws {
        let answer = try post("data.shop=acme&apiKey=k&returnTo=https://front.test/a?connected=0")
        #expect(answer.status == 200)
        #expect(
            answer.field("Refresh")
                == "0; url=https://front.test/a?integration=news&connected=1")
        #expect(try post("apiKey=k&returnTo=//evil.test").code == "invalid_return_to")
    }

    @Test(arguments: [
        (401, 400, "The API refused this key (status 401). Nothing was stored."),
        (404, 400, "The API refused this key (status 404). Nothing was stored."),
        (503, 502, "The API could not try this key: it answered with status 503."),
        (429, 502, "The API could not try this key: it answered with status 429."),
    ])
    func `a credential that is refused is asked for again, and not shown`(
        upstream: Int, status: Int, sentence: String
    ) throws {
        front.house.network.answer("https://acme.news.test") { _ in
            FakeAnswer(upstream)
        }
        let answer = try post("data.shop=acme&apiKey=canary-key&returnTo=/a&popup=1")
        #expect(answer.status == status)
        #expect(answer.body.contains("<title>Error: Connect “News” as alice</title>"))
        #expect(answer.body.contains(sentence))
        #expect(answer.body.contains(#"value="acme""#))
        #expect(answer.body.contains(#"name="returnTo" value="/a""#))
        #expect(answer.body.contains(#"name="popup" value="1""#))
        #expect(!answer.body.contains("canary"))
        #expect(try !isConnected)
    }

    @Test func `an API that cannot be reached is no fault of the credential's`() throws {
        front.house.network.answer("https://acme.news.test") { _ in
            throw HTTPClientError.connectionFailed("")
        }
        let answer = try post("data.shop=acme&apiKey=canary-key")
        #expect(answer.status == 502)
        #expect(answer.body.contains("The API cannot be reached"))
        #expect(!answer.body.contains("canary"))
    }

    @Test func `a user's name is kept, a password is not`() throws {
        try front.house.addNews([
            ("slug", "mail"), ("authType", "basic"), ("credentialTestPath", "/"),
            ("apiBaseUri", "https://mail.test"),
        ])
        front.house.network.answer("https://mail.test") { _ in FakeAnswer(401) }
        let answer = try post("username=ann&password=canary", to: "mail")
        #expect(answer.body.contains("The API refused this user name and password (status 401)."))
        #expect(answer.body.contains(#"value="ann""#))
        #expect(!answer.body.contains("canary"))
        let colon = try post("username=a:b&password=canary", to: "mail")
        #expect(colon.status == 400)
        #expect(colon.body.contains("This user name and password cannot be right"))
    }

    @Test(arguments: ["apiKey=k", "data.shop=A1&apiKey=k", "data.shop=acme&apiKey="])
    func `a form that is not whole stores nothing`(form: String) throws {
        let answer = try post("form=1&\(form)")
        #expect(answer.status == 400)
        #expect(answer.body.contains("<form"))
        #expect(try !isConnected)
    }

    @Test(arguments: ["application/json", "text/plain", "multipart/form-data; boundary=x"])
    func `SECURITY 21: only a form is taken`(type: String) throws {
        #expect(try post(#"{"apiKey": "k"}"#, type: type).code == "form_required")
        #expect(try post("apiKey=%zz").code == "invalid_form")
        #expect(try post("apiKey=" + String(repeating: "k", count: 5000)).code == "body_too_large")
    }

    @Test func `an integration with a provider's page has no credential to give`() throws {
        let answer = try post("data.shop=acme", to: "shop")
        #expect(answer.code == "invalid_credential")
        #expect(try post("data.shop=acme&token=t", to: "shop").code == "invalid_credential")
    }

    @Test func `a grant that needs no user is connected by a button`() throws {
        try front.house.addDrive([
            ("slug", "machine"), ("grant", "client_credentials"), ("authUri", .null),
        ])
        let asked = try front.ask(
            .get, "/api/integrations/machine/connect", Self.own + front.session())
        #expect(asked.headers[.location] == "https://app.test/grantkeeper/connect/machine")
        let body = try page("machine").body
        #expect(body.contains(#"<form method="post""#))
        #expect(!body.contains(#"type="password""#))
        #expect(try post("form=1", to: "machine").status == 303)
        front.house.network.answer("https://provider.test/token") { _ in
            FakeAnswer.refusal("invalid_client", status: 401)
        }
        let refused = try post("form=1", to: "machine")
        #expect(refused.status == 502)
        #expect(refused.body.contains("The provider refuses the application."))
    }
}

extension String {
    /// By bytes, and not by characters, which a combining accent changes.
    fileprivate func utf8Contains(_ other: String) -> Bool {
        let bytes = Array(other.utf8)
        let all = Array(utf8)
        return all.indices.contains { all[$0...].starts(with: bytes) }
    }

    /// Its first scalar, a quotation mark, as HTML has it.
    fileprivate var replacingQuotationMark: String {
        var text = "&quot;"
        text.unicodeScalars.append(contentsOf: unicodeScalars.dropFirst())
        return text
    }
}
