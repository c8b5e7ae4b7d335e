/// A set of header field names, and of beginnings and endings of names, in lower case.
///
/// Names are looked up by their first and last letters and not by a hash: each field of each answer
/// is looked up, and nearly none is in the set.
package struct FieldNameSet: Sendable {
    private enum Entry {
        case name(String)
        case beginning(String)
        case ending(String)

        func matches(_ name: String) -> Bool {
            switch self {
            case .name(let text): name == text
            case .beginning(let text): name.utf8.starts(with: text.utf8)
            case .ending(let text):
                name.utf8.count >= text.utf8.count
                    && name.utf8.suffix(text.utf8.count).elementsEqual(text.utf8)
            }
        }
    }

    private var byFirst = [[Entry]](repeating: [], count: 256)
    private var byLast = [[Entry]](repeating: [], count: 256)

    package init(names: Set<String>, beginnings: [String] = [], endings: [String] = []) {
        for text in names { byFirst[Int(text.utf8.first ?? 0)].append(.name(text)) }
        for text in beginnings { byFirst[Int(text.utf8.first ?? 0)].append(.beginning(text)) }
        for text in endings { byLast[Int(text.utf8.last ?? 0)].append(.ending(text)) }
    }

    package func contains(_ name: String) -> Bool {
        guard let first = name.utf8.first, let last = name.utf8.last else { return false }
        for entry in byFirst[Int(first)] where entry.matches(name) { return true }
        for entry in byLast[Int(last)] where entry.matches(name) { return true }
        return false
    }
}
