import Encoding
import HTTPTypes

/// Header fields in their order, kept as the lines that are sent: `Name: value` and a line end.
///
/// One buffer with the places of the lines in it: copying, leaving out or sending a field costs no
/// more than its bytes, and no text is made until one is asked for. Names are tokens, and values
/// have neither CR, LF nor NUL (RFC 9110 §5.5), so that no value begins another line.
package struct HeaderFields: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var lines: [HeaderLine] = []

    package init() {}

    package init(_ fields: some Sequence<HeaderField>) {
        for field in fields { append(field) }
    }

    package var count: Int { lines.count }
    package var isEmpty: Bool { lines.isEmpty }

    /// Makes room for as many more fields, of usual lengths.
    package mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(bytes.count + 48 * count)
        lines.reserveCapacity(lines.count + count)
    }

    /// Appends a field of another header.
    package mutating func append(_ field: HeaderField) {
        let start = bytes.count
        field.withUnsafeBytesOfLine { bytes.append(contentsOf: $0) }
        lines.append(field.line.moved(to: start))
    }

    package mutating func append(contentsOf fields: HeaderFields) {
        for field in fields { append(field) }
    }

    /// Appends a field; control characters in the value become spaces, and blanks at its ends are
    /// removed (RFC 9110 §5.5).
    package mutating func append(_ name: HTTPField.Name, _ value: String) {
        var (name, value) = (name.rawName, value)
        name.withUTF8 { name in
            value.withUTF8 { value in
                _ = append(
                    name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer(value),
                    cleaning: .strict)
            }
        }
    }

    /// Appends a field from bytes.
    ///
    /// - Parameter cleaning: The bytes of the value that become spaces.
    /// - Returns: Whether the name is a token; else nothing is appended.
    @discardableResult
    package mutating func append(
        name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, cleaning: ValueCleaning
    ) -> Bool {
        guard name.isToken else { return false }
        bytes.append(contentsOf: name)
        appendValue(value, nameCount: name.count, cleaning)
        return true
    }

    /// Appends a field that CGI spells in capitals with underscores: `ACCEPT_LANGUAGE` is
    /// `accept-language` (RFC 3875 §4.1.18).
    ///
    /// - Returns: Whether the name is one; else nothing is appended.
    @discardableResult
    package mutating func append(
        cgiName name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
    ) -> Bool {
        guard name.isToken else { return false }
        for byte in name {
            bytes.append(byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte.asciiLowercased)
        }
        appendValue(value, nameCount: name.count, .lenient)
        return true
    }

    /// Appends the value and the line end behind a name.
    private mutating func appendValue(
        _ value: UnsafeRawBufferPointer, nameCount: Int, _ cleaning: ValueCleaning
    ) {
        let start = bytes.count - nameCount
        bytes.append(UInt8(ascii: ":"))
        bytes.append(0x20)
        let value = cleaning == .strict ? value.trimmingBlanks() : value
        if cleaning.keepsAll(of: value) {
            bytes.append(contentsOf: value)
        } else {
            for byte in cleaning.trimmed(value) { bytes.append(cleaning.keeps(byte) ? byte : 0x20) }
        }
        let end = bytes.count
        bytes.append(0x0D)
        bytes.append(0x0A)
        let mark = bytes.withUnsafeBytes {
            FieldNameMark(UnsafeRawBufferPointer(rebasing: $0[start..<start + nameCount]))
        }
        lines.append(HeaderLine(start: start, nameCount: nameCount, end: end, mark: mark))
    }

    /// Appends more to the last field's value, behind a space: a folded line (RFC 9112 §5.2).
    package mutating func extendLast(_ more: UnsafeRawBufferPointer) {
        guard let last = lines.popLast() else { return }
        let old = bytes[last.start..<last.end + 2]
        let start = bytes.count
        bytes += old
        bytes.removeLast(2)
        bytes.append(0x20)
        for byte in more { bytes.append(ValueCleaning.strict.keeps(byte) ? byte : 0x20) }
        let end = bytes.count
        bytes.append(0x0D)
        bytes.append(0x0A)
        lines.append(
            HeaderLine(start: start, nameCount: last.nameCount, end: end, mark: last.mark))
    }

    /// Removes a line; its bytes stay behind, unsent.
    mutating func removeLine(at index: Int) { lines.remove(at: index) }

    /// Puts the last line in the place of another.
    mutating func moveLastLine(to index: Int) { lines[index] = lines.removeLast() }
}

/// The bytes of a field's value that become spaces.
package enum ValueCleaning: Sendable {
    /// Control characters; and blanks at the ends are removed (RFC 9110 §5.5).
    case strict
    /// CR, LF and NUL only: what a value has beside them is for its reader to judge.
    case lenient

    @inline(__always)
    func keeps(_ byte: UInt8) -> Bool {
        switch self {
        case .strict: !byte.isASCIIControl || byte == 0x09
        case .lenient: byte != 0x0D && byte != 0x0A && byte != 0
        }
    }

    func keepsAll(of value: UnsafeRawBufferPointer) -> Bool {
        // A loop for each, so that the choice is made once and not for each byte.
        switch self {
        case .strict:
            for byte in value where !Self.strict.keeps(byte) { return false }
        case .lenient:
            for byte in value where !Self.lenient.keeps(byte) { return false }
        }
        return true
    }

    /// Returns the value without what would become a space at its ends.
    func trimmed(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard self == .strict else { return value }
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte.isASCIIControl }
        guard let first = value.firstIndex(where: { !isBlank($0) }),
            let last = value.lastIndex(where: { !isBlank($0) })
        else { return UnsafeRawBufferPointer(rebasing: value[..<0]) }
        return UnsafeRawBufferPointer(rebasing: value[first...last])
    }
}
