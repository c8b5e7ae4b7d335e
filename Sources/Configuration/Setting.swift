/// One setting: its place, its accepted values, its meaning, and its reading.
package struct Setting<Value: Sendable>: Sendable {
    package let about: SettingDescription
    let form: SettingForm<Value>

    init(
        _ path: String, _ form: SettingForm<Value>, standard: String? = nil,
        required: Bool = false, example: String? = nil, _ meaning: String
    ) {
        self.form = form
        about = SettingDescription(
            path: path, takes: form.takes, isList: form.isList, standard: standard,
            isRequired: required, example: example ?? standard ?? "", meaning: meaning
        ) { text in
            do throws(FormMismatch) {
                _ = try form.parse(text)
                return nil
            } catch {
                return error
            }
        }
    }
}

/// The description of a setting of any type.
package struct SettingDescription: Sendable {
    /// Its place in the file, with a dot between group and name: `sessions.idle`.
    package let path: String
    /// The accepted values, in words that follow "give".
    package let takes: String
    package let isList: Bool
    /// Its value when none is given, as it would stand in the file.
    package let standard: String?
    package let isRequired: Bool
    /// A value as it could stand in the file.
    package let example: String
    /// Its purpose, in whole sentences.
    package let meaning: String
    let mismatch: @Sendable (SettingText) -> FormMismatch?

    /// The group that it stands in, `nil` at the top.
    package var group: String? {
        path.split(separator: ".").count > 1 ? String(path.prefix { $0 != "." }) : nil
    }

    /// Its name inside its group.
    package var name: String {
        String(path.split(separator: ".").last ?? "")
    }

    /// The environment variable that overrules it: `GRANTKEEPER_SESSIONS_IDLE`.
    package var environmentName: String {
        path.reduce(into: "GRANTKEEPER_") { name, character in
            if character.isUppercase { name += "_" }
            name += character == "." ? "_" : character.uppercased()
        }
    }
}
