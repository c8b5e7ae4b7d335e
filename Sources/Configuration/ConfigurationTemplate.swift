import Encoding

/// The file that `grantkeeper init` writes: every setting with its meaning, those that were given
/// in force, the others commented out with their standard value.
package struct ConfigurationTemplate {
    private let given: [String: String]

    /// - Parameter given: Values by path (`socket.path`), as text.
    package init(given: [String: String]) {
        self.given = given
    }

    package var text: String {
        var lines = [
            "# Grantkeeper's configuration. A line that begins with # is not in force: it shows",
            "# the standard value. Each setting has an environment variable that wins over it:",
            "# sessions.idle is GRANTKEEPER_SESSIONS_IDLE. Units: s, m, h, d; KiB, MiB, GiB.",
            "# Relative paths start at this file's folder.",
        ]
        var group: String?
        for setting in Settings.all {
            if setting.group != group || setting.group == nil { lines.append("") }
            if let name = setting.group, name != group { lines.append("\(name):") }
            group = setting.group
            lines += self.lines(for: setting)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(for setting: SettingDescription) -> [String] {
        let indent = setting.group == nil ? "" : "  "
        let comment = Self.wrapped(setting.meaning, width: 94).map { "\(indent)# \($0)" }
        if let value = given[setting.path] {
            return comment + ["\(indent)\(setting.name): \(Self.scalar(value))"]
        }
        return comment + ["\(indent)#\(setting.name): \(setting.example)"]
    }

    /// Returns the text as YAML, quoted where plain text would have another meaning.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy {
            $0.isASCIILetterOrDigit || "./:_-".utf8.contains($0)
        }
        let first = text.utf8.first ?? UInt8(ascii: "-")
        if isPlain, first != UInt8(ascii: "-"), !text.hasSuffix(":") { return text }
        return "'"
            + text.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "''") + "'"
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        text.split(separator: " ").reduce(into: [String]()) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
    }
}
