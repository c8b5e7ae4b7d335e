/// Classes of ASCII bytes, under the names of RFC 5234 appendix B.1 where it has one. A byte outside
/// ASCII is in none of them.
extension UInt8 {
    /// `0` to `9`.
    @inlinable package var isASCIIDigit: Bool { self &- 0x30 < 10 }

    /// `0` to `9`, `a` to `f`, `A` to `F`.
    @inlinable package var isASCIIHexDigit: Bool { isASCIIDigit || (self | 0x20) &- 0x61 < 6 }

    /// `a` to `z`.
    @inlinable package var isASCIILowercase: Bool { self &- 0x61 < 26 }

    /// `A` to `Z`.
    @inlinable package var isASCIIUppercase: Bool { self &- 0x41 < 26 }

    /// `a` to `z` and `A` to `Z`.
    @inlinable package var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }

    /// `0` to `9`, `a` to `z`, `A` to `Z`.
    @inlinable package var isASCIILetterOrDigit: Bool { isASCIILetter || isASCIIDigit }

    /// Whether it is a VCHAR: a visible character, without the space.
    @inlinable package var isASCIIVisible: Bool { self > 0x20 && self < 0x7F }

    /// Whether it is a visible character or the space.
    @inlinable package var isASCIIPrintable: Bool { self >= 0x20 && self < 0x7F }

    /// CTL: 0x00 to 0x1F and DEL.
    @inlinable package var isASCIIControl: Bool { self < 0x20 || self == 0x7F }

    /// WSP: space and horizontal tab.
    @inlinable package var isASCIIBlank: Bool { self == 0x20 || self == 0x09 }

    /// The small letter of a capital; any other byte as it is.
    @inlinable package var asciiLowercased: UInt8 { isASCIIUppercase ? self | 0x20 : self }

    /// The capital of a small letter; any other byte as it is.
    @inlinable package var asciiUppercased: UInt8 { isASCIILowercase ? self & 0xDF : self }
}

/// Alphabets that RFCs put together from those classes.
extension UInt8 {
    /// The characters that never need percent-encoding (RFC 3986 §2.3); also those of a code verifier
    /// (RFC 7636 §4.1).
    @inlinable package var isUnreserved: Bool {
        isBase64URL || self == UInt8(ascii: ".") || self == UInt8(ascii: "~")
    }

    /// The alphabet of base64url (RFC 4648 §5).
    @inlinable package var isBase64URL: Bool {
        isASCIILetterOrDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
    }

    /// The characters of a token in a header field (RFC 9110 §5.6.2).
    @inlinable package var isTokenCharacter: Bool {
        if isASCIILetterOrDigit { return true }
        return switch self {
        // ! # $ % & ' * + - . ^ _ ` | ~
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    /// The characters of a scope's name (RFC 6749 §3.3): visible ones without quotation mark and
    /// backslash.
    @inlinable package var isScopeCharacter: Bool {
        isASCIIVisible && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
    }
}

extension Character {
    /// `0` to `9`, `a` to `z`, `A` to `Z`, and no letter or digit outside ASCII.
    package var isASCIILetterOrDigit: Bool { asciiValue?.isASCIILetterOrDigit ?? false }
}
