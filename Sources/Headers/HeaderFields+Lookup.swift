import HTTPTypes

/// Fields by their names.
extension HeaderFields {
    package func contains(_ name: HTTPField.Name) -> Bool { first(name) != nil }

    /// Returns the first field of that name.
    package func first(_ name: HTTPField.Name) -> HeaderField? {
        index(of: name, from: 0).map { self[$0] }
    }

    /// The value of that name; of several fields, their values as one list (RFC 9110 §5.3), or for
    /// cookies as one line (RFC 9113 §8.2.3). Setting it removes further fields of the name.
    package subscript(name: HTTPField.Name) -> String? {
        get {
            guard let index = index(of: name, from: 0) else { return nil }
            guard self.index(of: name, from: index + 1) == nil else {
                return self[values: name].joined(separator: name == .cookie ? "; " : ", ")
            }
            return self[index].value
        }
        set {
            guard let first = index(of: name, from: 0) else {
                if let newValue { append(name, newValue) }
                return
            }
            while let next = index(of: name, from: first + 1) { removeLine(at: next) }
            if let newValue {
                append(name, newValue)
                moveLastLine(to: first)
            } else {
                removeLine(at: first)
            }
        }
    }

    /// The values of all fields of that name.
    package subscript(values name: HTTPField.Name) -> [String] {
        var values: [String] = []
        var next = index(of: name, from: 0)
        while let index = next {
            values.append(self[index].value)
            next = self.index(of: name, from: index + 1)
        }
        return values
    }

    private func index(of name: HTTPField.Name, from start: Int) -> Int? {
        let mark = FieldNameMark(name)
        var index = start
        while index < lines.count {
            if lines[index].mark == mark, self[index].hasName(name) { return index }
            index += 1
        }
        return nil
    }
}

extension HeaderFields: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { lines.count }

    package subscript(index: Int) -> HeaderField { HeaderField(bytes, lines[index]) }

    package func makeIterator() -> Iterator { Iterator(self) }

    /// An iterator of its own: that of a collection reads each field through a witness.
    package struct Iterator: IteratorProtocol {
        private let fields: HeaderFields
        private var index = 0

        fileprivate init(_ fields: HeaderFields) { self.fields = fields }

        package mutating func next() -> HeaderField? {
            guard index < fields.lines.count else { return nil }
            defer { index += 1 }
            return fields[index]
        }
    }
}

extension HeaderFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (HTTPField.Name, String)...) {
        self.init()
        for (name, value) in elements { append(name, value) }
    }
}

extension HeaderFields: Equatable {
    package static func == (left: HeaderFields, right: HeaderFields) -> Bool {
        left.elementsEqual(right)
    }
}

extension HeaderFields: CustomStringConvertible {
    package var description: String { map(\.description).joined(separator: "\n") }
}
