/// The settings as the article on configuration shows them, in Markdown.
package enum SettingsTable {
    package static var markdown: String {
        let rows = Settings.all.map { setting in
            let standard = setting.standard.map { "`\($0)`" }
            let fallback = standard ?? (setting.isRequired ? "required" : "")
            return "| `\(setting.path)` | \(fallback) | \(setting.meaning) |"
        }
        return (["| setting | default | meaning |", "| --- | --- | --- |"] + rows)
            .joined(separator: "\n") + "\n"
    }
}
