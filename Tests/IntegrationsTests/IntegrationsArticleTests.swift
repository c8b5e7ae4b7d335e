import Foundation
import Integrations
import Testing

@Suite struct IntegrationsArticleTests {
    @Test func `the article on integrations shows every field as it is`() throws {
        let repository = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let article = try String(
            contentsOf: repository.appendingPathComponent(
                "Sources/grantkeeper/Grantkeeper.docc/Integrations.md"), encoding: .utf8)
        let section =
            "<!-- generated: fields -->\n\n\(FieldReference.markdown)\n<!-- end -->\n"
        guard !article.contains(section) else { return }
        let expected = FileManager.default.temporaryDirectory
            .appendingPathComponent("grantkeeper-fields.md")
        try section.write(to: expected, atomically: true, encoding: .utf8)
        Issue.record("Put the section in \(expected.path) into Integrations.md.")
    }
}
