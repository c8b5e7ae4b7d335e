import YAML

/// Finds the settings in a configuration file's YAML.
struct SettingsInFile {
    /// In the file's order; names are not judged yet.
    private(set) var given: [GivenSetting] = []
    private let path: String

    /// - Parameter path: The file's, for messages.
    /// - Throws: ``ConfigurationError`` when the text is no YAML, or no tree of settings.
    init(text: String, path: String) throws(ConfigurationError) {
        self.path = path
        let root: YAMLNode
        do {
            root = try YAMLNode(parsing: text)
        } catch {
            throw ConfigurationError(.file(path: path, line: error.line), error.reason + ".")
        }
        switch root.content {
        case .null: break
        case .mapping(let entries): try add(entries, under: nil)
        case .scalar, .sequence:
            throw ConfigurationError(
                .file(path: path, line: root.line),
                "a configuration is a list of settings, each on its line as name: value.")
        }
    }

    private static let groups = Set(Settings.all.compactMap(\.group))

    private mutating func add(
        _ entries: [YAMLNode.Entry], under group: String?
    ) throws(ConfigurationError) {
        for entry in entries {
            let name = group.map { "\($0).\(entry.name)" } ?? entry.name
            let source = SettingSource.file(path: path, line: entry.line)
            switch entry.value.content {
            case .null where Self.groups.contains(name):
                break
            case .null:
                throw ConfigurationError(
                    source, "\(name) has no value; give one, or take the line out.")
            case .scalar where Self.groups.contains(name),
                .sequence where Self.groups.contains(name):
                throw ConfigurationError(
                    source, "\(name) is a group; its settings stand indented under it.")
            case .scalar(let text, _):
                given.append(GivenSetting(path: name, text: .single(text), source: source))
            case .sequence(let nodes):
                let items = try items(nodes, of: name, at: source)
                given.append(GivenSetting(path: name, text: .list(items), source: source))
            case .mapping(let entries) where group == nil && Self.groups.contains(name):
                try add(entries, under: name)
            case .mapping:
                given.append(GivenSetting(path: name, text: .single("{…}"), source: source))
            }
        }
    }

    private func items(
        _ nodes: [YAMLNode], of name: String, at source: SettingSource
    ) throws(ConfigurationError) -> [String] {
        var items: [String] = []
        for node in nodes {
            guard case .scalar(let text, _) = node.content else {
                throw ConfigurationError(source, "\(name) is a list of plain values.")
            }
            items.append(text)
        }
        return items
    }
}
