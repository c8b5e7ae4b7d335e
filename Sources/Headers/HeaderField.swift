import Encoding
import HTTPTypes

/// One field of a header: a line of ``HeaderFields``, whose buffer it shares.
package struct HeaderField: Sendable {
    private let bytes: [UInt8]
    let line: HeaderLine

    init(_ bytes: [UInt8], _ line: HeaderLine) {
        self.bytes = bytes
        self.line = line
    }

    /// Creates a field; control characters in the value become spaces, and blanks at its ends are
    /// removed (RFC 9110 §5.5).
    package init(name: HTTPField.Name, value: String) {
        var fields = HeaderFields()
        fields.append(name, value)
        // A name is a token, so that the line is there.
        self.init(
            fields.bytes,
            fields.lines.first
                ?? HeaderLine(start: 0, nameCount: 0, end: 0, mark: FieldNameMark(.age)))
    }

    /// Returns the same value under another name.
    package func renamed(_ name: HTTPField.Name) -> HeaderField {
        var fields = HeaderFields()
        var name = name.rawName
        name.withUTF8 { name in
            withUnsafeBytesOfValue { value in
                _ = fields.append(
                    name: UnsafeRawBufferPointer(name), value: value, cleaning: .lenient)
            }
        }
        return HeaderField(fields.bytes, fields.lines.first ?? line)
    }

    /// The name as it is written.
    package var rawName: String { withUnsafeBytesOfName { String(decoding: $0, as: UTF8.self) } }

    /// The name in small letters.
    package var canonicalName: String {
        withUnsafeBytesOfName { name in
            String(unsafeUninitializedCapacity: name.count) { text in
                for index in name.indices { text[index] = name[index].asciiLowercased }
                return name.count
            }
        }
    }

    package var name: HTTPField.Name { HTTPField.Name(rawName) ?? .age }

    /// The value as text; bytes that are not UTF-8 are replaced by U+FFFD.
    package var value: String { withUnsafeBytesOfValue { String(decoding: $0, as: UTF8.self) } }

    package var nameCount: Int { line.nameCount }
    package var valueCount: Int { line.valueCount }

    /// The number of bytes of the line, its line end included.
    package var byteCount: Int { line.end + 2 - line.start }

    package func isNamed(_ name: HTTPField.Name) -> Bool {
        line.mark == FieldNameMark(name) && hasName(name)
    }

    /// Whether the name, in any letters, begins with a text in small letters.
    package func nameBegins(with beginning: StaticString) -> Bool {
        withUnsafeBytesOfName { name in
            guard name.count >= beginning.utf8CodeUnitCount else { return false }
            return beginning.withUTF8Buffer { beginning in
                for index in beginning.indices
                where name[index].asciiLowercased != beginning[index] { return false }
                return true
            }
        }
    }

    /// Compares the name byte by byte, whatever its capitals.
    func hasName(_ name: HTTPField.Name) -> Bool {
        withUnsafeBytesOfName { $0.equals(canonicalName: name.canonicalName) }
    }

    package func withUnsafeBytesOfName<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { all throws(Failure) in
            try body(
                UnsafeRawBufferPointer(
                    UnsafeBufferPointer(rebasing: all[line.start..<line.start + line.nameCount])))
        }
    }

    package func withUnsafeBytesOfValue<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { all throws(Failure) in
            try body(
                UnsafeRawBufferPointer(
                    UnsafeBufferPointer(rebasing: all[line.valueStart..<line.end])))
        }
    }

    /// Gives the line as it is sent, its line end included.
    package func withUnsafeBytesOfLine<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { all throws(Failure) in
            try body(
                UnsafeRawBufferPointer(
                    UnsafeBufferPointer(rebasing: all[line.start..<line.end + 2])))
        }
    }
}

extension HeaderField: Equatable {
    package static func == (left: HeaderField, right: HeaderField) -> Bool {
        left.line.mark == right.line.mark && left.canonicalName == right.canonicalName
            && left.withUnsafeBytesOfValue { left in
                right.withUnsafeBytesOfValue { left.elementsEqual($0) }
            }
    }
}

extension HeaderField: CustomStringConvertible {
    package var description: String { "\(rawName): \(value)" }
}

extension UnsafeRawBufferPointer {
    /// Whether a name in any letters is that one.
    func equals(canonicalName name: String) -> Bool {
        var name = name
        return name.withUTF8 { name in
            guard count == name.count else { return false }
            for index in name.indices where self[index].asciiLowercased != name[index] {
                return false
            }
            return true
        }
    }
}
