import Encoding
import Foundation
import TestSupport
import Testing
import grantkeeper

@Suite struct IntegrationFileTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("integration.yaml")
    }

    private func read(_ text: String) throws -> IntegrationFile {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try IntegrationFile(path: path)
    }

    private func complaint(_ body: () throws -> IntegrationFile) -> String {
        do {
            _ = try body()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `fields become those of the API: only JSON's own literals are more than text`()
        throws
    {
        let file = try read(
            """
            slug: drive
            name: 'true'
            redirect: no
            revokesReplacedTokens: true
            apiHosts: [https://a.example, https://b.example]
            credentialPlacement: {in: header, name: X-Api-Key}
            rate: 10
            zip: 0755
            """)
        #expect(file.json["slug"] == .string("drive"))
        #expect(file.json["name"] == .string("true"))
        #expect(file.json["redirect"] == .string("no"))
        #expect(file.json["revokesReplacedTokens"] == .bool(true))
        #expect(file.json["apiHosts"] == .array(["https://a.example", "https://b.example"]))
        #expect(file.json["credentialPlacement"]?["name"] == .string("X-Api-Key"))
        #expect(file.json["rate"] == (try JSONValue(parsing: "10")))
        #expect(file.json["zip"] == .string("0755"))
    }

    @Test func `a file that is not there, no text, no YAML or no fields is refused by its name`() {
        #expect(complaint { try IntegrationFile(path: path) } == "The file \(path) can't be read.")
        #expect(complaint { try read("- a\n- b") }.hasPrefix("\(path) has to hold fields"))
        #expect(complaint { try read("slug: a\n\tname: b") }.hasPrefix("\(path):2: "))
        #expect(complaint { try read("") }.hasPrefix("\(path) has to hold fields"))
        #expect(
            complaint {
                try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
                return try IntegrationFile(path: path)
            } == "The file \(path) is not UTF-8 text.")
    }

    @Test func `a byte order mark is passed over`() throws {
        #expect(try read("\u{FEFF}slug: drive").json["slug"] == "drive")
    }

    @Test(arguments: [40, 5_000])
    func `a file that is nested too deeply is told so, in our words`(depth: Int) {
        let text =
            "a: " + String(repeating: "[", count: depth)
            + String(repeating: "]", count: depth)
        let sentence = complaint { try read(text) }
        #expect(sentence.contains("too deep"))
        #expect(!sentence.contains("yaml_"))
    }
}
