/// What one connection has read since anybody last committed: so long it is still true.
///
/// Not Sendable: it belongs to its ``ReadingConnection``.
struct ReadMemory {
    /// How much is remembered; when there is more, all of it goes.
    private static let mostAnswers = 256

    private var answers: [ReadKey: AnyObject] = [:]
    /// The version of the data that all answers are of.
    private var version: Int64?

    /// Forgets what was read of any other version of the data.
    mutating func keep(only version: Int64?) {
        if version == self.version { return }
        answers.removeAll(keepingCapacity: true)
        self.version = version
    }

    subscript<Value: Sendable>(key: ReadKey) -> Value? {
        get { (answers[key] as? Answer<Value>)?.value }
        set {
            guard let newValue, version != nil else { return }
            if answers.count >= Self.mostAnswers { answers.removeAll(keepingCapacity: true) }
            answers[key] = Answer(newValue)
        }
    }

    /// A class, so that looking an answer up neither copies nor unpacks it.
    private final class Answer<Value: Sendable> {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }
}
