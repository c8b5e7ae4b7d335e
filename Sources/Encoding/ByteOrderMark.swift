extension String {
    /// The text without the mark that some editors put at a file's beginning (RFC 3629 §6).
    package var withoutByteOrderMark: String {
        unicodeScalars.first == "\u{FEFF}" ? String(unicodeScalars.dropFirst()) : self
    }
}
