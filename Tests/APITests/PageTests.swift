import Connections
import Crypto
import Encoding
import Foundation
import HTTPTypes
import Primitives
import TestSupport
import Testing

/// SECURITY 11.
struct PageTests {
    private let front: Front

    init() throws {
        front = try Front()
    }

    private static let nasty = #"<script>alert(1)</script>"><img src=x onerror='alert(2)'>&amp;"#

    @Test(arguments: [
        "/grantkeeper/connected?integration=",
        "/grantkeeper/error?error=access_denied&integration=",
        "/grantkeeper/error?error=", "/grantkeeper/error?error_description=",
        "/grantkeeper/connected?popup=",
    ])
    func `what a query says is not shown`(target: String) throws {
        let answer = try front.ask(.get, target + PercentEncoding.encode(Self.nasty))
        #expect(answer.status == 200)
        #expect(!answer.body.contains("alert"))
    }

    @Test func `what people named is shown as text`() throws {
        try front.house.addDrive([("name", .string(Self.nasty))])
        let from: Front.Fields = [
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ]
        let answer = try front.ask(
            .get, "/api/integrations/drive/connect?returnTo=/%22%3E%3Cscript%3E",
            from + front.session(#"<b>"alice"</b>"#))
        #expect(answer.status == 200)
        #expect(answer.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(answer.body.contains("&lt;b&gt;"))
        for raw in ["<script>alert", "<img", "<b>", #"/"><"#] {
            #expect(!answer.body.contains(raw), "\(raw)")
        }
    }

    @Test func `a page runs and loads nothing but what its policy names by hash`() throws {
        let answer = try front.ask(.get, "/grantkeeper/connected?integration=drive&popup=1")
        let policy = try #require(answer.headers[.contentSecurityPolicy])
        #expect(policy.hasPrefix("default-src 'none'; "))
        for directive in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            #expect(policy.contains(directive))
        }
        #expect(!policy.contains("unsafe"))
        for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
            let parts = answer.body.split(separator: "<\(element)>", maxSplits: 1)
            let text = try #require(parts.last?.split(separator: "</\(element)>").first)
            let hash = Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
            #expect(policy.contains("\(directive) 'sha256-\(hash)'"), "\(element)")
        }
        #expect(answer.headers[try #require(HTTPField.Name("Referrer-Policy"))] == "no-referrer")
    }

    @Test func `SECURITY 23: pages call an integration by its name, to those who may see it`()
        throws
    {
        try front.house.addDrive([("name", "Team Drive")])
        try front.house.addDrive([
            ("slug", "hidden"), ("name", "Hidden Name"), ("allowedUsers", []),
        ])
        let alice = try front.session()
        for (slug, session, shown) in [
            ("drive", alice, "<strong>Team Drive</strong> is connected"),
            ("drive", [], "<strong>drive</strong> is connected"),
            ("hidden", alice, "<strong>hidden</strong> is connected"),
            ("nowhere", alice, "<strong>nowhere</strong> is connected"),
        ] {
            let body = try front.ask(
                .get, "/grantkeeper/connected?integration=\(slug)", session
            ).body
            #expect(body.contains(shown), "\(slug)")
        }
        let failed = "/grantkeeper/error?error=access_denied&integration"
        let body = try front.ask(.get, "\(failed)=drive", alice).body
        #expect(body.contains("Integration: Team Drive (drive)."))
        #expect(!(try front.ask(.get, "\(failed)=hidden", alice).body.contains("Hidden Name")))
    }

    @Test func `a shared connection that is not there is not said to be another user's`() throws {
        try front.house.addNews([("slug", "ours"), ("mode", "shared")])
        let page = "/grantkeeper/error?error=shared_connection_not_owner&integration=ours"
        let alice = try front.session()
        #expect(try front.ask(.get, page, alice).body.contains("No one else has connected it"))
        _ = try front.house.keeper.handOver(["apiKey": "k"], to: "ours", by: TestKeeper.root)
        #expect(try front.ask(.get, page, alice).body.contains("another user made it"))
    }

    @Test func `only a popup closes itself`() throws {
        for page in ["/grantkeeper/connected", "/grantkeeper/error?error=access_denied"] {
            let joint = page.contains("?") ? "&" : "?"
            #expect(try !front.ask(.get, page).body.contains("<script"))
            let popup = try front.ask(.get, "\(page)\(joint)popup=1").body
            #expect(popup.contains("<script"))
            #expect(popup.contains("data-close-after="))
        }
    }

    @Test func `a popup with instructions for an administrator stays open`() throws {
        for failure in ConnectFailure.allCases {
            let body = try front.ask(
                .get, "/grantkeeper/error?popup=1&error=\(failure.rawValue)"
            ).body
            #expect(
                body.contains("data-close-after=") != body.contains("For an administrator:"),
                "\(failure)")
        }
    }

    @Test(arguments: ["client_refused", "invalid_callback"])
    func `where a secret may be wrong it is said how another one is given`(code: String) throws {
        let page = "/grantkeeper/error?error=\(code)"
        let command = "<code>grantkeeper integration update"
        #expect(
            try front.ask(.get, page + "&integration=drive").body
                .contains("\(command) drive --secret-file FILE</code>"))
        for target in [page, page + "&integration=%3Cb%3E"] {
            #expect(
                try front.ask(.get, target).body
                    .contains("\(command) SLUG --secret-file FILE</code>"))
        }
        let denied = "/grantkeeper/error?error=access_denied&integration=drive"
        #expect(!(try front.ask(.get, denied).body.contains("--secret-file")))
    }

    @Test func `every failure is explained in words of its own, with who can do what`() throws {
        var seen: Set<String> = []
        for failure in ConnectFailure.allCases {
            let body = try front.ask(
                .get, "/grantkeeper/error?integration=drive&error=\(failure.rawValue)"
            ).body
            #expect(body.contains("Code: \(failure.rawValue)."))
            #expect(body.contains("Integration: drive."))
            #expect(
                body.contains("What you can do:") || body.contains("For an administrator:"),
                "\(failure)")
            let paragraphs = body.split(separator: "<p>").prefix(4).joined()
            #expect(seen.insert(paragraphs).inserted, "\(failure)")
        }
        #expect(
            try front.ask(.get, "/grantkeeper/error?error=made-up").body.contains("Code: unknown."))
    }

    @Test func `what beginning again may help has a link to do so`() throws {
        let again = #"href="/api/integrations/drive/connect"#
        let denied = "/grantkeeper/error?error=access_denied"
        #expect(try front.ask(.get, "\(denied)&integration=drive").body.contains(again + "\""))
        #expect(
            try front.ask(.get, "\(denied)&integration=drive&popup=1").body
                .contains(again + "?popup=1\""))
        for target in [
            denied, "\(denied)&integration=../x", "\(denied)&integration=//evil.test",
            "/grantkeeper/error?error=client_refused&integration=drive",
            "/grantkeeper/error?error=made-up&integration=drive",
        ] {
            #expect(!(try front.ask(.get, target).body.contains("/connect")), "\(target)")
        }
    }

    @Test(arguments: ["redirect_uri_mismatch", "token_exchange_failed"])
    func `SECURITY 26: the redirect URI is shown that has to be registered, and nothing secret`(
        code: String
    ) throws {
        try front.house.addDrive([("redirect", "own")])
        try front.house.addDrive([("slug", "hidden"), ("redirect", "own"), ("allowedUsers", [])])
        let expected = [
            ("drive", try front.session(), "https://app.test/oauth2/callback/drive"),
            ("drive", [], "https://app.test/oauth2/callback"),
            ("hidden", try front.session(), "https://app.test/oauth2/callback"),
            ("nowhere", try front.session(), "https://app.test/oauth2/callback"),
        ]
        for (slug, session, uri) in expected {
            let body = try front.ask(
                .get, "/grantkeeper/error?error=\(code)&popup=1&integration=\(slug)", session
            ).body
            #expect(body.contains("<code>\(uri)</code>"), "\(slug)")
            #expect(!body.contains("data-close-after"))
            for secret in ["client-secret-canary", ">client<", "provider.test"] {
                #expect(!body.contains(secret))
            }
        }
        #expect(!(try front.ask(.get, "/grantkeeper/error?error=denied").body.contains("<code>")))
    }

    @Test func `a connection with less than was asked for says so, and leaves time to read it`()
        throws
    {
        let page = "/grantkeeper/connected?integration=drive&popup=1"
        let narrowed = try front.ask(.get, "\(page)&narrowed=1").body
        #expect(narrowed.contains("You allowed less than the application asked for"))
        #expect(narrowed.contains(#"data-close-after="20""#))
        let short = try front.ask(.get, "\(page)&norefresh=1").body
        #expect(short.contains("access for a limited time only"))
        #expect(short.contains(#"data-close-after="20""#))
        let whole = try front.ask(.get, page).body
        #expect(!whole.contains("limited time"))
        #expect(!whole.contains("less than"))
        #expect(whole.contains(#"data-close-after="1""#))
    }
}
