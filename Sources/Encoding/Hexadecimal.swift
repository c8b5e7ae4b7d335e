/// Bytes written as pairs of hexadecimal digits.
package enum Hexadecimal {
    /// Returns the bytes; `nil` when a character is no digit, or the last digit has no partner.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let first = iterator.next() {
            guard let high = digit(first), let low = iterator.next().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// Encodes bytes in lower case.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digit(of: $0 >> 4), digit(of: $0 & 15)] }, as: UTF8.self)
    }

    /// Returns the digit of a value from 0 to 15, in lower case.
    static func digit(of value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ (value &- 10)
    }

    /// Returns the value of a digit; `nil` for another byte.
    @inlinable package static func digit(_ byte: UInt8) -> UInt8? {
        guard byte.isASCIIHexDigit else { return nil }
        return byte.isASCIIDigit
            ? byte - UInt8(ascii: "0") : byte.asciiLowercased - UInt8(ascii: "a") + 10
    }
}
