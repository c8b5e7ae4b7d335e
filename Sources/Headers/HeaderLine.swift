import Encoding
import HTTPTypes

/// The place of a field's line in a buffer.
struct HeaderLine: Sendable {
    let start: Int
    let nameCount: Int
    /// The end of the value, before the line end.
    let end: Int
    let mark: FieldNameMark

    var valueStart: Int { start + nameCount + 2 }
    var valueCount: Int { end - valueStart }

    /// Returns the place of the same line in another buffer.
    func moved(to start: Int) -> HeaderLine {
        HeaderLine(
            start: start, nameCount: nameCount, end: end - self.start + start, mark: mark)
    }
}

/// The length and the first byte of a name, which two names must have in common to be equal,
/// whatever their letters: few names of one header do. A hash would cost more than it saves.
struct FieldNameMark: Equatable, Sendable {
    private let value: UInt32

    init(_ name: UnsafeRawBufferPointer) {
        self.init(name.count, name.first ?? 0)
    }

    init(_ name: HTTPField.Name) {
        let name = name.canonicalName.utf8
        self.init(name.count, name.first ?? 0)
    }

    private init(_ count: Int, _ first: UInt8) {
        value = UInt32(truncatingIfNeeded: count) << 8 | UInt32(first | 0x20)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are a token (RFC 9110 §5.6.2), as names of fields are.
    package var isToken: Bool { !isEmpty && allSatisfy(\.isTokenCharacter) }

    /// Returns the bytes without the blanks at both ends.
    package func trimmingBlanks() -> UnsafeRawBufferPointer {
        var (start, end) = (startIndex, endIndex)
        while start < end, self[start].isASCIIBlank { start += 1 }
        while end > start, self[end - 1].isASCIIBlank { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }
}
