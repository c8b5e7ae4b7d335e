extension DefinitionReader {
    /// Refuses a text that no one can read or send: blank, too long, or with control characters.
    ///
    /// - Parameters:
    ///   - longest: The most characters.
    ///   - mayHaveLines: Whether line ends and tabs are allowed.
    mutating func checkText(
        _ text: String?, of name: String, longest: Int, mayHaveLines: Bool = false
    ) {
        guard let text else { return }
        let scalars = text.unicodeScalars
        require(
            scalars.contains { !$0.properties.isWhitespace },
            "'\(name)' must have a text that can be seen")
        require(
            scalars.count <= longest, "'\(name)' must not be longer than \(longest) characters")
        let allowed: Set<Unicode.Scalar> = mayHaveLines ? ["\n", "\r", "\t"] : []
        require(
            !scalars.contains { $0.isControl && !allowed.contains($0) },
            "'\(name)' must not have control characters" + (mayHaveLines ? "" : " or line ends"))
    }
}

extension Unicode.Scalar {
    /// Whether the character is invisible, and ends or moves a line or the text itself.
    package var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
