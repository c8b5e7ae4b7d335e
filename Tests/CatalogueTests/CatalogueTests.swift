import Catalogue
import Encoding
import Foundation
import Primitives
import Testing

/// The catalogue that comes with the program, and an operator's own.
@Suite struct CatalogueTests {
    private static let ids = (try? ProviderFiles().catalogue.ids()) ?? []

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Catalogue/Providers").standardized.path()

    @Test func `every file is in the program`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
        #expect(files.map { $0.replacing(".yaml", with: "") }.sorted() == Self.ids)
    }

    @Test(arguments: ids)
    func `an entry can be read, and an integration made of it`(id: String) throws {
        let provider = try #require(try ProviderFiles().catalogue.provider(id))
        #expect(!provider.facts.isEmpty)
    }

    @Test(arguments: ids)
    func `what no page of the provider's or catalogue says is unverified`(id: String) throws {
        let provider = try #require(try ProviderFiles().catalogue.provider(id))
        let sources = [
            "https://", "the provider's ", "a public catalogue ", "two public catalogues ",
        ]
        for fact in provider.facts where !sources.contains(where: fact.source.hasPrefix) {
            #expect(fact.isUnverified, "\(fact.source)")
        }
    }

    @Test(arguments: ids)
    func `every value has an example`(id: String) throws {
        let provider = try #require(try ProviderFiles().catalogue.provider(id))
        for (name, datum) in provider.json["integration"]?["connectionData"]?.members?.map({
            ($0.name, $0.value)
        }) ?? [] {
            #expect(datum["example"] != nil, "\(name)")
        }
    }

    @Test(arguments: ids)
    func `a credential is called what people find it under, and they are told where`(id: String)
        throws
    {
        let integration = try ProviderFiles().catalogue.provider(id)?.json["integration"]
        let names = [
            "apikey": ["apiKey", "help"], "basic": ["username", "password", "help"],
            "bearer": ["token", "help"],
        ]
        for name in names[integration?["authType"]?.stringValue ?? ""] ?? [] {
            #expect(integration?["credentialForm"]?[name] != nil, "\(name)")
        }
    }

    /// SECURITY 27: what a user types never decides about a host beyond its label.
    @Test(arguments: ids)
    func `no value that a user gives can lead to another host (SECURITY 27)`(id: String) throws {
        let provider = try #require(try ProviderFiles().catalogue.provider(id))
        let data = provider.json["integration"]?["connectionData"]?.members ?? []
        for member in data where member.value["from"]?.stringValue == "user" {
            guard let pattern = member.value["pattern"]?.stringValue else { continue }
            let regex = try Regex(pattern)
            for hostile in [
                "evil.test", "a/b", "a:1", "a@b", "evil.test/", "a#", "a?b", "a\\b", "",
            ] {
                #expect(hostile.wholeMatch(of: regex) == nil, "\(member.name): \(hostile)")
            }
        }
    }

    @Test func `an operator's file stands in place of ours, and adds to them`() throws {
        let folder = try Self.folder(with: [
            "slack": Self.acme("Our Slack"), "acme": Self.acme("Acme"),
        ])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let catalogue = ProviderFiles(folder: folder).catalogue
        #expect(try catalogue.provider("slack")?.name == "Our Slack")
        #expect(try catalogue.provider("acme")?.name == "Acme")
        #expect(try catalogue.ids().contains("acme"))
        #expect(try catalogue.provider("github") != nil)
    }

    @Test(arguments: ["../acme", "acme/../acme", "", ".acme", "Acme"])
    func `an id cannot lead out of the folder`(id: String) throws {
        let folder = try Self.folder(with: ["acme": Self.acme("Acme")])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try ProviderFiles(folder: folder).catalogue.provider(id) == nil)
    }

    @Test(arguments: [
        ("name: A", "'integration' is missing"),
        (
            "name: A\nintegration: {apiBaseUri: https://a.test, color: red}",
            "'color' is not a field"
        ),
        ("name: A\nintegration: {slug: a}", "slug is set by the operator"),
        ("name: A\nintegration: {tokenUri: https://a.test}", "'facts' does not say"),
        ("name: [", "line 2"),
        ("name: A\ncolor: red\nintegration: {}", "'color' is not a field of an entry"),
        (
            "name: A\nintegration: {apiBaseUri: https://a.test, authType: bearer, connectionData: "
                + "{x: {pattern: '[a-z]', example: '1'}}}",
            "the example of 'x'"
        ),
        ("name: A\nfacts: [{fields: [x], source: y}]\nintegration: {}", "has no 'x'"),
    ])
    func `an entry that is wrong says where and why`(text: String, problem: String) throws {
        let folder = try Self.folder(with: ["bad": text])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            _ = try ProviderFiles(folder: folder).catalogue.provider("bad")
            Issue.record("accepted")
        } catch InputError.invalid(_, let detail) {
            #expect(detail.contains(problem), "\(detail)")
        }
    }

    @Test func `a file that cannot be read is an error, and ours does not take its place`() throws {
        let folder = try Self.folder(with: ["acme": Self.acme("Acme")])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Nobody can read a folder as a file, not even root.
        try FileManager.default.createDirectory(
            atPath: "\(folder)/slack.yaml", withIntermediateDirectories: false)
        #expect(
            try Self.detail { try ProviderFiles(folder: folder).catalogue.provider("slack") }
                .contains("\(folder)/slack.yaml can't be read"))
        #expect(try ProviderFiles(folder: folder).catalogue.provider("github") != nil)
        try FileManager.default.removeItem(atPath: folder)
        #expect(
            try Self.detail { try ProviderFiles(folder: folder).catalogue.provider("github") }
                .contains("the setting 'providers' can't be read"))
    }

    @Test func `a file whose name is no slug is named, and does not vanish`() throws {
        let folder = try Self.folder(with: ["Acme": Self.acme("Acme")])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let catalogue = ProviderFiles(folder: folder).catalogue
        #expect(try catalogue.ids().contains("Acme"))
        #expect(try Self.detail { try catalogue.provider("Acme") }.contains("'Acme' is not one"))
        #expect(try catalogue.provider("acme") == nil)
    }

    @Test func `one that is wrong does not hide the others, and is named`() throws {
        let folder = try Self.folder(with: [
            "acme": Self.acme("Acme"), "bad": "name: [", "Worse": Self.acme("Worse"),
        ])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("name: x".utf8).write(to: URL(filePath: "\(folder)/stray.yml"))
        try Data("Ours.".utf8).write(to: URL(filePath: "\(folder)/README.md"))
        let files = ProviderFiles(folder: folder)
        let (providers, problems) = try files.catalogue.all()
        #expect(providers.map(\.id) == (Self.ids + ["acme"]).sorted())
        #expect(problems.map { $0.prefix { $0 != ":" } } == ["Worse", "bad"])
        let inFolder = try files.problemsInFolder()
        #expect(inFolder.entries == 3)
        #expect(inFolder.problems.map { $0.prefix { $0 != ":" } } == ["Worse", "bad", "stray.yml"])
        #expect(try ProviderFiles().problemsInFolder().problems.isEmpty)
    }

    @Test func `the schema of an entry has its fields, and those that an integration may have`()
        throws
    {
        let schema = try EntrySchema.read()
        #expect(schema["properties"]?["facts"] != nil)
        let fields = try #require(schema["$defs"]?["integration"]?["properties"])
        #expect(fields["tokenUri"] != nil)
        #expect(fields["slug"] == nil)
        #expect(fields["clientSecret"] == nil)
    }

    private static func detail(_ body: () throws -> some Any) throws -> String {
        do {
            _ = try body()
            return "nothing was thrown"
        } catch InputError.invalid(_, let detail) {
            return detail
        }
    }

    private static func acme(_ name: String) -> String {
        """
        name: \(name)
        integration:
          authUri: https://acme.test/authorize
          tokenUri: https://acme.test/token
          apiBaseUri: https://api.acme.test
        facts:
          - {fields: [authUri, tokenUri, apiBaseUri], source: https://acme.test/docs}
        """
    }

    private static func folder(with files: [String: String]) throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "catalogue-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name).yaml"))
        }
        return folder
    }

    @Test func `a byte order mark before an entry is passed over`() throws {
        let folder = try Self.folder(with: ["acme": "\u{FEFF}" + Self.acme("Acme")])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try ProviderFiles(folder: folder).catalogue.provider("acme")?.name == "Acme")
    }

    @Test func `an entry that is no UTF-8 text is refused`() throws {
        let folder = try Self.folder(with: [:])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let latin1 = Self.acme("Caf\u{E9}").unicodeScalars.map { UInt8($0.value) }
        try Data(latin1).write(to: URL(filePath: "\(folder)/acme.yaml"))
        let detail = try Self.detail {
            try ProviderFiles(folder: folder).catalogue.provider("acme")
        }
        #expect(detail == "acme: the file is not UTF-8 text.")
    }
}
