import API
import Encoding
import Foundation
import Testing

struct VersionTests {
    @Test func `openapi.json and the metrics tell the version`() throws {
        let front = try Front()
        let document = try front.ask(.get, "/grantkeeper/openapi.json").json
        #expect(document["info"]?["version"]?.stringValue == Version.current)
        let metrics = try front.ask(.get, "/grantkeeper/metrics").body
        let line = "grantkeeper_build_info{version=\"\(Version.current)\"} 1"
        #expect(metrics.split(separator: "\n").contains(Substring(line)))
    }

    @Test func `the changelog's first entry is about the version`() throws {
        let repository = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let changelog = try String(
            contentsOf: repository.appendingPathComponent(
                "Sources/grantkeeper/Grantkeeper.docc/Changelog.md"), encoding: .utf8)
        let first = changelog.split(separator: "\n").first { $0.hasPrefix("## Version ") }
        #expect(first == "## Version \(Version.current)")
    }
}
