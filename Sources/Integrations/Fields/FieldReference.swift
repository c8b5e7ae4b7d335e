/// The fields of an integration as the article on integrations shows them, in Markdown.
package enum FieldReference {
    package static var markdown: String {
        IntegrationInput.groups.map { group in
            let fields = group.fields.map(\.about)
            let parts = fields.filter { !$0.parts.isEmpty }.map(part)
            return (["### \(group.title)", table(fields)] + parts).joined(separator: "\n\n")
        }.joined(separator: "\n\n") + "\n"
    }

    /// Returns the fields of an object, under the name of the field that has it.
    private static func part(_ field: FieldDescription) -> String {
        let inner = field.parts.filter { !$0.parts.isEmpty }.map { inner in
            "Members of `\(inner.name)`:\n\n" + table(inner.parts)
        }
        return (["#### `\(field.name)`", table(field.parts)] + inner).joined(separator: "\n\n")
    }

    private static func table(_ fields: [FieldDescription]) -> String {
        let rows = fields.map { field in
            let standard = field.standardText.map { "`\($0)`" }
            let fallback = standard ?? (field.traits.contains(.required) ? "required" : "")
            let cells = ["`\(field.name)`", field.takes, fallback, field.meaning]
            // In a table a bar would end the cell.
            return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")
                + " |"
        }
        return (["| field | value | default | meaning |", "| --- | --- | --- | --- |"] + rows)
            .joined(separator: "\n")
    }
}
