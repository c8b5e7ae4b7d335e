/// Finds the settings among the environment's variables.
enum SettingsInEnvironment {
    /// Returns the variables that begin with `GRANTKEEPER_`, sorted by name. An empty one counts as
    /// not set, as orchestrators write it.
    static func given(in environment: [String: String]) -> [GivenSetting] {
        environment
            .filter { $0.key.hasPrefix("GRANTKEEPER_") && $0.key != ConfigurationFile.variable }
            .filter { !$0.value.isEmpty }
            .sorted { $0.key < $1.key }
            .map { name, value in
                let setting = Settings.all.first { $0.environmentName == name }
                return GivenSetting(
                    path: setting?.path ?? name, text: .single(value),
                    source: .environment(name: name))
            }
    }
}
