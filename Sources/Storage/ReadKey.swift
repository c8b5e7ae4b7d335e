/// A question to the database: the same for all who ask the same.
package struct ReadKey: Hashable, Sendable {
    private let question: String
    private let details: [UInt8]

    /// - Parameters:
    ///   - question: Distinguishes it from questions of other kinds.
    ///   - details: The details of the question; no secret, since it is remembered.
    package init(_ question: String, _ details: [UInt8]) {
        self.question = question
        self.details = details
    }

    package func hash(into hasher: inout Hasher) {
        details.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
