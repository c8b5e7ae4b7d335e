import FoundationEssentials

/// The choice of the file that the configuration is read from.
package enum ConfigurationFile {
    /// The environment variable that names it.
    package static let variable = "GRANTKEEPER_CONFIG"
    /// Its usual name.
    package static let usualName = "grantkeeper.yaml"

    /// Returns the file named by `option`, else by the environment, else the first of the usual
    /// places that has one.
    ///
    /// - Throws: ``ConfigurationError`` that names the places, when there is none.
    package static func find(
        option: String?, environment: [String: String]
    ) throws(ConfigurationError) -> String {
        if let path = option ?? environment[variable], !path.isEmpty { return path }
        let places = ["./\(usualName)", "/etc/grantkeeper/\(usualName)"]
        if let path = places.first(where: FileManager.default.fileExists) { return path }
        throw ConfigurationError(
            .standard,
            """
            There is no configuration: neither \(places.joined(separator: " nor ")) exists, and \
            neither --config nor \(variable) names another file. "grantkeeper init" writes one.
            """)
    }

    /// Its text.
    ///
    /// - Throws: ``ConfigurationError`` when it can't be read.
    static func text(of path: String) throws(ConfigurationError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(
                .standard,
                FileManager.default.fileExists(atPath: path)
                    ? "The configuration \(path) can't be read by this user."
                    : "The configuration \(path) does not exist.")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError(.standard, "The configuration \(path) is not UTF-8 text.")
        }
        return text
    }
}
