import OAuth
import Testing

struct ScopeComparisonTests {
    @Test(
        arguments: [
            ("a b", "a b", []),
            ("a b c", "b", ["a", "c"]),
            ("openid offline_access a", "a", []),
            // Microsoft names them with the resource, or without.
            ("User.Read", "https://graph.microsoft.com/User.Read", []),
            ("https://graph.microsoft.com/Mail.Read", "mail.read", []),
            (
                "https://www.googleapis.com/auth/drive",
                "https://www.googleapis.com/auth/drive.file",
                ["https://www.googleapis.com/auth/drive"]
            ),
            ("a", "", ["a"]),
        ] as [(String, String, [String])])
    func `what is missing`(asked: String, granted: String, missing: [String]) {
        #expect(ScopeComparison().missing(of: asked, granted: granted) == missing)
    }

    @Test func `a granted scope may stand for others`() {
        let comparison = ScopeComparison(implied: [
            ("userinfo.email", "email"), ("write_products", "read_products read_files"),
        ])
        let google = "https://www.googleapis.com/auth/userinfo.email openid"
        #expect(comparison.missing(of: "openid email", granted: google) == [])
        #expect(comparison.missing(of: "read_products read_files", granted: "write_products") == [])
        #expect(comparison.missing(of: "email", granted: "write_products") == ["email"])
    }
}
