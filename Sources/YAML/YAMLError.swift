import Yams

/// A text that is not the YAML that we read.
package struct YAMLError: Error, Equatable {
    /// Counted from 1.
    package let line: Int
    /// The error, without a quotation of the file, which may contain secrets.
    package let reason: String

    init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    init(_ error: any Error) {
        switch error as? YamlError {
        // The library names the function that its own user would set the limit with.
        case .parser(_, let problem, let mark, _) where problem.contains("nest_level"):
            self.init(line: mark.line, reason: "it is nested too deeply")
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(line: mark.line, reason: problem)
        case .duplicatedKeysInMapping(let names, let context):
            self.init(
                line: context.mark.line,
                reason: "\(names.joined(separator: ", ")) stands there twice")
        case .reader(let problem, let offset, _, let text):
            self.init(line: Self.line(of: offset ?? 0, in: text), reason: problem)
        default:
            self.init(line: 1, reason: "it can't be read as YAML")
        }
    }

    private static func line(of offset: Int, in text: String) -> Int {
        1 + text.prefix(offset).count { $0.isNewline }
    }
}
