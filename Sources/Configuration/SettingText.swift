import YAML

/// The text of a setting, before its meaning is read.
enum SettingText: Equatable, Sendable {
    case single(String)
    case list([String])

    /// The items of a list: as they are in the file, or as a text has them, in brackets as YAML
    /// writes them or just with commas; `nil` when it is no list.
    var items: [String]? {
        switch self {
        case .list(let items): return items
        case .single(let line) where line.trimmingSpaces().hasPrefix("["):
            guard case .sequence(let nodes)? = (try? YAMLNode(parsing: line))?.content else {
                return nil
            }
            let items = nodes.compactMap { node in
                if case .scalar(let text, _) = node.content { text } else { nil }
            }
            return items.count == nodes.count ? items : nil
        case .single(let line):
            return line.split(separator: ",").map { String($0.trimmingSpaces()) }
        }
    }
}

/// The place where a setting was given, for the message that refuses it.
package enum SettingSource: Equatable, Sendable {
    case file(path: String, line: Int)
    case environment(name: String)
    /// An option of the command line, as it is written there.
    case option(String)
    case standard
}
