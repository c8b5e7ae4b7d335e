extension [String] {
    /// The first few, and how many more there are: what somebody sends is not sent back whole.
    package func abbreviated(separator: String = ", ") -> String {
        let shown = prefix(8) + (count > 8 ? ["and \(count - 8) more"] : [])
        return shown.joined(separator: separator)
    }
}
