import Connections
import Crypto
import Encoding
import Foundation
import HTTPTypes
import TestSupport
import Testing

/// SECURITY.md 11.
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

    @Test func `only a popup closes itself`() throws {
        for page in ["/grantkeeper/connected", "/grantkeeper/error?error=access_denied"] {
            let joint = page.contains("?") ? "&" : "?"
            #expect(try !front.ask(.get, page).body.contains("<script"))
            let popup = try front.ask(.get, "\(page)\(joint)popup=1").body
            #expect(popup.contains("<script"))
            #expect(popup.contains("data-close-after="))
        }
    }

    @Test func `every failure is explained in words of its own, with what to do`() throws {
        var seen: Set<String> = []
        for failure in ConnectFailure.allCases {
            let body = try front.ask(
                .get, "/grantkeeper/error?integration=drive&error=\(failure.rawValue)"
            ).body
            #expect(body.contains("Code: \(failure.rawValue)."))
            #expect(body.contains("Integration: drive."))
            let paragraphs = body.split(separator: "<p>").prefix(3).joined()
            #expect(seen.insert(paragraphs).inserted, "\(failure)")
        }
        #expect(
            try front.ask(.get, "/grantkeeper/error?error=made-up").body.contains("Code: unknown."))
    }
}
