import Mustache

/// The text of pages, escaped scalar by scalar. A `"` with a combining accent behind it is one
/// `Character`, and not the one that a table of characters would escape; for a browser it ends the
/// attribute all the same.
struct HTMLText: MustacheContentType {
    /// The name by which a template asks for it.
    static let name = "PAGE"

    func escapeText(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
