/// Names and values as `application/x-www-form-urlencoded` has them: a query string or a form.
package struct Form: Equatable, Sendable {
    package struct Field: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// In the order in which they were written.
    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// Reads an encoded form; `nil` when an escape is malformed or a text is not UTF-8.
    package init?(encoded: some StringProtocol) {
        self.init(encodedBytes: encoded.utf8)
    }

    /// Reads an encoded form as it came; by bytes also because for Swift, '&' and a combining accent
    /// behind it are one character.
    package init?(encodedBytes bytes: some Collection<UInt8>) {
        fields = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let mark = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentEncoding.decode(bytes: pair[..<mark], plusIsSpace: true),
                let value = PercentEncoding.decode(
                    bytes: pair[mark...].dropFirst(), plusIsSpace: true)
            else { return nil }
            fields.append(Field(name, value))
        }
    }

    /// The first value of that name.
    package subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// Returns all values of that name.
    package func all(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    /// The form, encoded; a space is `%20`, which every reader understands.
    package var encoded: String {
        fields.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
            .joined(separator: "&")
    }
}
