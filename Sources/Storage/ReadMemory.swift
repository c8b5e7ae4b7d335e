/// The answers that one connection has read since the last commit: until the next they stay true.
///
/// Not Sendable: it belongs to its ``ReadingConnection``.
struct ReadMemory {
    /// The most answers that are remembered; when there are more, all are dropped.
    private static let mostAnswers = 256

    private var answers: [ReadKey: AnyObject] = [:]
    /// The version of the data to which all answers belong.
    private var version: Int64?

    /// Forgets the answers of any other version of the data.
    mutating func keep(only version: Int64?) {
        if version == self.version { return }
        answers.removeAll(keepingCapacity: true)
        self.version = version
    }

    subscript(key: ReadKey) -> AnyObject? {
        get { answers[key] }
        set {
            guard let newValue, version != nil else { return }
            if answers.count >= Self.mostAnswers { answers.removeAll(keepingCapacity: true) }
            answers[key] = newValue
        }
    }
}
