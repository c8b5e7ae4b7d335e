/// The form of a setting's text, and its conversion to a value.
struct SettingForm<Value: Sendable>: Sendable {
    /// The accepted values, in words that follow "give".
    let takes: String
    let isList: Bool
    let parse: @Sendable (SettingText) throws(FormMismatch) -> Value

    init(_ takes: String, parse: @escaping @Sendable (String) throws(FormMismatch) -> Value) {
        self.takes = takes
        isList = false
        self.parse = { text throws(FormMismatch) in
            guard case .single(let single) = text else { throw FormMismatch() }
            return try parse(single)
        }
    }

    private init(
        listTakes takes: String,
        parse: @escaping @Sendable (SettingText) throws(FormMismatch) -> Value
    ) {
        self.takes = takes
        isList = true
        self.parse = parse
    }

    /// Returns the form of a list of `element`'s values. A single text is a list with commas, as in
    /// the environment, or in brackets, as in the file: both are read from either source.
    static func list<Element: Sendable>(
        _ takes: String, of element: SettingForm<Element>
    ) -> SettingForm<[Element]> where Value == [Element] {
        SettingForm<[Element]>(listTakes: takes) { text throws(FormMismatch) in
            guard let items = text.items else { throw FormMismatch() }
            var values: [Element] = []
            for item in items { values.append(try element.parse(.single(item))) }
            return values
        }
    }
}

/// A text that a setting can't take.
struct FormMismatch: Error {
    /// The error in this very text, where more can be said than which values are accepted.
    var hint: String?
}

extension StringProtocol {
    func trimmingSpaces() -> SubSequence {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isSpace($0) }),
            let last = lastIndex(where: { !isSpace($0) })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
