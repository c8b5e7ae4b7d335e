import Encoding

/// A text as it can be given to bash again, also when not all of it can be seen.
package enum ShellText {
    /// Quotes a text as `$'…'`, by bytes, so that it does not depend on the shell's locale.
    package static func quoted(_ text: String) -> String {
        "$'\(text.utf8.map(escaped).joined())'"
    }

    private static func escaped(_ byte: UInt8) -> String {
        let sign = String(Unicode.Scalar(byte))
        if sign == "'" || sign == "\\" { return "\\\(sign)" }
        if byte.isASCIIPrintable { return sign }
        return (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16)
    }
}
