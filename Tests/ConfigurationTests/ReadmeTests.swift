import Configuration
import Foundation
import Testing

@Suite struct ReadmeTests {
    @Test func `README shows every setting as it is`() throws {
        let repository = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(
            contentsOf: repository.appendingPathComponent("README.md"), encoding: .utf8)
        for line in SettingsTable.markdown.split(separator: "\n") {
            #expect(readme.contains("\(line)\n"), "README.md lacks: \(line)")
        }
    }
}
