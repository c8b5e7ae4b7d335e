import Addressing
import Configuration
import Testing

/// Which origins browsers take for one site.
struct SiteTests {
    private static let list = """
        // ===BEGIN ICANN DOMAINS===
        com

        uk
        co.uk
        *.ck
        !www.ck
        // ===BEGIN PRIVATE DOMAINS===
        github.io
        """

    private func isSameSite(_ one: String, _ other: String, _ list: String?) throws -> Bool {
        let suffixes = PublicSuffixes(list: list)
        return Site(of: try Origin(one), suffixes) == Site(of: try Origin(other), suffixes)
    }

    @Test(
        arguments: [
            ("https://grants.example.com", "https://app.example.com", true),
            ("https://example.com", "https://a.b.example.com:8443", true),
            ("https://app.example.com", "https://app.example.org", false),
            ("https://app.example.com", "http://app.example.com", false),
            ("https://one.com", "https://other.com", false),
            ("https://one.co.uk", "https://other.co.uk", false),
            ("https://a.one.co.uk", "https://b.one.co.uk", true),
            ("https://one.github.io", "https://other.github.io", false),
            ("http://127.0.0.1:8080", "http://127.0.0.1:9090", true),
            ("http://127.0.0.1", "http://10.0.0.1", false),
            ("http://[::1]:8080", "http://[::1]", true), ("http://[::1]", "http://[::2]", false),
            ("http://127.0.0.1", "http://localhost", false),
            ("http://localhost:3000", "http://localhost:8080", true),
            ("http://app.localhost", "http://localhost", false),
            ("http://intranet", "http://other", false),
        ], [SiteTests.list, nil] as [String?])
    func `a site is the scheme and the registered domain, with the list and without`(
        pair: (String, String, Bool), list: String?
    ) throws {
        #expect(try isSameSite(pair.0, pair.1, list) == pair.2)
        #expect(try isSameSite(pair.1, pair.0, list) == pair.2)
    }

    @Test(
        arguments: [
            ("https://a.one.ck", "https://b.one.ck", false),
            ("https://a.www.ck", "https://www.ck", true),
            ("https://x.a.one.ck", "https://y.a.one.ck", true),
        ])
    func `the list's wildcards and exceptions count`(pair: (String, String, Bool)) throws {
        #expect(try isSameSite(pair.0, pair.1, Self.list) == pair.2)
    }

    @Test func `origins of other sites are named, and those of the same are not`() throws {
        let configuration = try Configuration(
            text: """
                publicBaseUrl: https://grants.example.com
                allowedOrigins: [https://app.example.com, https://front.example.net]
                """, path: "/etc/grantkeeper/grantkeeper.yaml", environment: [:])
        let others = configuration.originsOfOtherSites(PublicSuffixes(list: nil))
        #expect(others.map(\.description) == ["https://front.example.net"])
        let remark = configuration.remark(onOtherSite: try #require(others.first))
        #expect(remark.contains("https://front.example.net is another site"))
        #expect(remark.contains("SameSite=Lax"))
    }
}
