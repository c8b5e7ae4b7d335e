/// Everything that is wrong with a configuration, in the file's order.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    package let problems: [Problem]

    /// One wrong setting.
    package struct Problem: Equatable, Sendable {
        package let source: SettingSource
        /// A whole sentence, which begins with the setting's name.
        package let sentence: String
    }

    package init(_ problems: [Problem]) {
        self.problems = problems
    }

    init(_ source: SettingSource, _ sentence: String) {
        problems = [Problem(source: source, sentence: sentence)]
    }

    /// Creates the error of a command-line option, before it is a setting's value.
    package init(option: String, _ sentence: String) {
        self.init(.option(option), sentence)
    }

    /// A line for each problem: `grantkeeper.yaml:12: sessions.idel is no setting; …`.
    package var description: String {
        problems.map { problem in
            switch problem.source {
            case .file(let path, let line): "\(path):\(line): \(problem.sentence)"
            case .environment(let name): "\(name): \(problem.sentence)"
            case .option(let option): "\(option): \(problem.sentence)"
            case .standard: problem.sentence
            }
        }.joined(separator: "\n")
    }
}
