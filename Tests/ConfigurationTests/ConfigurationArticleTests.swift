import Configuration
import Foundation
import Testing

@Suite struct ConfigurationArticleTests {
    @Test func `the article on configuration shows every setting as it is`() throws {
        let repository = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let article = try String(
            contentsOf: repository.appendingPathComponent(
                "Sources/grantkeeper/Grantkeeper.docc/Configuration.md"), encoding: .utf8)
        let generated =
            "<!-- generated: settings -->\n\n\(SettingsTable.markdown)\n<!-- end -->\n"
        #expect(article.contains(generated))
        for line in SettingsTable.markdown.split(separator: "\n") {
            #expect(article.contains("\(line)\n"), "Configuration.md lacks: \(line)")
        }
    }
}
