/// The settings as README shows them, in Markdown.
package enum SettingsTable {
    package static var markdown: String {
        let rows = Settings.all.map { setting in
            let standard = setting.standard.map { "`\($0)`" }
            let fallback = standard ?? (setting.isRequired ? "required" : "not set")
            return "| `\(setting.path)` | \(fallback) | \(setting.meaning) |"
        }
        return (["| setting | standard value | what it means |", "| --- | --- | --- |"] + rows)
            .joined(separator: "\n") + "\n"
    }
}
