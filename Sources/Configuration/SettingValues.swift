/// The values from the file and the environment, by setting; every name and every value is already
/// known to be right.
struct SettingValues {
    private let given: [String: GivenSetting]

    /// - Throws: ``ConfigurationError`` with every unknown name and every wrong value of both.
    init(file: [GivenSetting], environment: [GivenSetting]) throws(ConfigurationError) {
        let problems = (file + environment).compactMap(Self.problem)
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        given = (file + environment).reduce(into: [:]) { $0[$1.path] = $1 }
    }

    /// The place of each setting that was given, by its path.
    var sources: [String: SettingSource] { given.mapValues(\.source) }

    /// Returns the setting's value, or its default.
    func read<Value>(_ setting: Setting<Value>) throws(ConfigurationError) -> Value {
        if let value = try readIfGiven(setting) { return value }
        guard let standard = setting.about.standard,
            let value = try? setting.form.parse(Self.standardText(standard))
        else {
            throw ConfigurationError(
                .standard, "\(setting.about.path) is missing; give \(setting.about.takes).")
        }
        return value
    }

    /// Returns the setting's value, or `nil` when none was given.
    func readIfGiven<Value>(_ setting: Setting<Value>) throws(ConfigurationError) -> Value? {
        guard let text = given[setting.about.path]?.text else { return nil }
        return try? setting.form.parse(text)
    }

    /// Returns the place where the setting was given, for an error message.
    func source<Value>(of setting: Setting<Value>) -> SettingSource {
        given[setting.about.path]?.source ?? .standard
    }

    /// Returns a default value's text; `[]` is the only list among them.
    static func standardText(_ text: String) -> SettingText {
        text == "[]" ? .list([]) : .single(text)
    }

    private static func problem(_ given: GivenSetting) -> ConfigurationError.Problem? {
        guard let about = Settings.all.first(where: { $0.path == given.path }) else {
            return .init(source: given.source, sentence: unknown(given))
        }
        guard let mismatch = about.mismatch(given.text) else { return nil }
        var sentence = "\(about.path) can't be \(quoted(given.text)); give \(about.takes)"
        if let hint = mismatch.hint { sentence += " (\(hint))" }
        return .init(source: given.source, sentence: sentence + ".")
    }

    private static func unknown(_ given: GivenSetting) -> String {
        if case .environment(let name) = given.source {
            let names = Settings.all.map(\.environmentName) + [ConfigurationFile.variable]
            return "this variable is no setting"
                + (NearMiss.suggestion(for: name, among: names).map { "; \($0)" } ?? ".")
        }
        return "\(given.path) is no setting"
            + (nearest(given.path).map { "; did you mean \($0)?" } ?? ".")
    }

    /// Returns the nearest setting by the whole path, else by the name: the group may be missing.
    private static func nearest(_ path: String) -> String? {
        let paths = Settings.all.map(\.path)
        if let near = NearMiss.nearest(to: path, among: paths) { return near }
        let name = path.split(separator: ".").last.map(String.init) ?? path
        let near = NearMiss.nearest(to: name, among: Settings.all.map(\.name))
        let candidates = Settings.all.filter { $0.name == near }
        return candidates.count == 1 ? candidates.first?.path : nil
    }

    /// Quotes a text shortly, on one line: a wrong value may be anything.
    private static func quoted(_ text: SettingText) -> String {
        switch text {
        case .list(let items):
            "[\(items.joined(separator: ", "))]".shortened
        case .single(let single):
            "\"\(single)\"".shortened
        }
    }
}

/// One setting as it was given.
struct GivenSetting {
    let path: String
    let text: SettingText
    let source: SettingSource
}

extension String {
    fileprivate var shortened: String {
        let printable = map { $0.unicodeScalars.contains { $0.value < 0x20 } ? "?" : $0 }
        return printable.count > 80 ? String(printable.prefix(77)) + "…" : String(printable)
    }
}
