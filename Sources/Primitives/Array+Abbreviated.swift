extension [String] {
    /// Returns the first few, and the number of the others: long input is not sent back whole.
    package func abbreviated(separator: String = ", ") -> String {
        let shown = prefix(8) + (count > 8 ? ["and \(count - 8) more"] : [])
        return shown.joined(separator: separator)
    }
}
