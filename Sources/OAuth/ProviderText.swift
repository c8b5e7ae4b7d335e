/// A provider's own words, made fit to be shown to people; still to be escaped.
enum ProviderText {
    /// The longest text that is kept, in Unicode scalars.
    static let limit = 300

    /// Returns the text without control and formatting characters (white space becomes a space),
    /// cut at ``limit``; `nil` when nothing is left.
    static func cleaned(_ text: String) -> String? {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard scalars.count < limit else { break }
            if scalar.properties.isWhitespace {
                if let last = scalars.last, last != " " { scalars.append(" ") }
            } else if isShown(scalar) {
                scalars.append(scalar)
            }
        }
        if scalars.last == " " { scalars.removeLast() }
        return scalars.isEmpty ? nil : String(scalars)
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .unassigned, .surrogate: false
        default: true
        }
    }
}
