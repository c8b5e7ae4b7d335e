/// Names of header fields, and beginnings of names, in small letters.
///
/// Looked up by their first letter and not by a hash: it is asked for each field of each answer, and
/// nearly none is in it.
struct FieldNameSet: Sendable {
    private struct Entry {
        let text: String
        let isBeginning: Bool

        func matches(_ name: String) -> Bool {
            isBeginning ? name.utf8.starts(with: text.utf8) : name == text
        }
    }

    private let entries: [[Entry]]

    init(names: Set<String>, beginnings: [String] = []) {
        var entries = [[Entry]](repeating: [], count: 256)
        for (texts, isBeginning) in [(Array(names), false), (beginnings, true)] {
            for text in texts {
                guard let first = text.utf8.first else { continue }
                entries[Int(first)].append(Entry(text: text, isBeginning: isBeginning))
            }
        }
        self.entries = entries
    }

    func contains(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        for entry in entries[Int(first)] where entry.matches(name) { return true }
        return false
    }
}
