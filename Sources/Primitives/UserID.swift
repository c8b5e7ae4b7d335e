import Encoding

/// A user's id, and the rule for one wherever it comes in: an opaque text of the host's.
///
/// Ids are compared byte for byte. So two of them must not look alike because something in one of
/// them cannot be seen, and none may be what a program has made of another one, or of two.
package enum UserID {
    /// The rule, for the user whose text is refused.
    package static let rule =
        "A user id is a text of 1 to \(longest) bytes in UTF-8, every character of which can be "
        + "seen: without control characters, invisible ones, those that change the direction of "
        + "writing, and white space other than the space; and without a space at either end or "
        + "beside a comma."

    /// The most bytes of an id.
    package static let longest = 256

    package static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...longest).contains(bytes.count), bytes.first != space, bytes.last != space,
            text.unicodeScalars.allSatisfy(isShown)
        else { return false }
        // Of two header fields, proxies make one with a comma and a space between them.
        return !bytes.contains(comma)
            || !zip(bytes, bytes.dropFirst()).contains {
                $0 == (comma, space) || $0 == (space, comma)
            }
    }

    /// Checks a user id.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)``, which states the rule.
    package static func check(_ text: String) throws {
        guard isValid(text) else {
            throw InputError.invalid(code: .invalidUser, detail: rule)
        }
    }

    private static let space = UInt8(ascii: " ")
    private static let comma = UInt8(ascii: ",")

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return UInt8(ascii: scalar).isASCIIPrintable }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse,
            .unassigned, .surrogate:
            return false
        default:
            return !scalar.properties.isDefaultIgnorableCodePoint && !blanks.contains(scalar)
        }
    }

    /// Characters that show nothing although Unicode counts them among the signs; and U+FFFD, which
    /// stands for bytes that a program could not read: those of `jos\xe9` and `jos\xe8` alike.
    private static let blanks: Set<Unicode.Scalar> = ["\u{2800}", "\u{FFFC}", "\u{FFFD}"]
}
