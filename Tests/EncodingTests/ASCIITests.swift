import Encoding
import Testing

struct ASCIITests {
    private static let digits = "0123456789"
    private static let small = "abcdefghijklmnopqrstuvwxyz"
    private static let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    /// The bytes of a class as text, from all 256.
    private func members(_ isMember: (UInt8) -> Bool) -> String {
        String(decoding: (UInt8.min...UInt8.max).filter(isMember), as: UTF8.self)
    }

    @Test func `a class has its bytes and no others`() {
        #expect(members(\.isASCIIDigit) == Self.digits)
        #expect(members(\.isASCIIHexDigit) == Self.digits + "ABCDEF" + "abcdef")
        #expect(members(\.isASCIILowercase) == Self.small)
        #expect(members(\.isASCIIUppercase) == Self.capitals)
        #expect(members(\.isASCIILetter) == Self.capitals + Self.small)
        #expect(members(\.isASCIILetterOrDigit) == Self.digits + Self.capitals + Self.small)
        #expect(members(\.isASCIIBlank) == "\t ")
        #expect(members(\.isASCIIVisible).utf8.elementsEqual(0x21...0x7E))
        #expect(members(\.isASCIIPrintable).utf8.elementsEqual(0x20...0x7E))
        #expect(members(\.isASCIIControl).utf8.elementsEqual(Array(0x00...0x1F) + [0x7F]))
    }

    @Test func `an alphabet has its signs beside letters and digits`() {
        func signs(_ isMember: (UInt8) -> Bool) -> String {
            members { isMember($0) && !$0.isASCIILetterOrDigit }
        }
        #expect(signs(\.isUnreserved) == "-._~")
        #expect(signs(\.isBase64URL) == "-_")
        #expect(signs(\.isTokenCharacter) == "!#$%&'*+-.^_`|~")
        #expect(signs(\.isScopeCharacter) == "!#$%&'()*+,-./:;<=>?@[]^_`{|}~")
    }

    @Test func `only letters have another case`() {
        for byte in UInt8.min...UInt8.max {
            #expect(byte.asciiLowercased == (byte.isASCIIUppercase ? byte + 32 : byte))
            #expect(byte.asciiUppercased == (byte.isASCIILowercase ? byte - 32 : byte))
        }
    }

    @Test func `a character outside ASCII is no letter or digit of it`() {
        #expect("aäZß0٣9½e\u{301}-_ ".filter(\.isASCIILetterOrDigit) == "aZ09")
    }
}
