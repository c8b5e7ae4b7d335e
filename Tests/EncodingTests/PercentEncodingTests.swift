import Encoding
import Testing

@Suite struct PercentEncodingTests {
    @Test func `only unreserved characters stay as they are (RFC 3986 §2.3)`() {
        let unreserved = "ABYZabyz0189-._~"
        #expect(PercentEncoding.encode(unreserved) == unreserved)
        #expect(PercentEncoding.encode(" +&=/?#%:*é") == "%20%2B%26%3D%2F%3F%23%25%3A%2A%C3%A9")
    }

    @Test func `every text survives a round trip`() {
        let text = String(String.UnicodeScalarView((0...0x2FF).compactMap(Unicode.Scalar.init)))
        #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
    }

    @Test(arguments: [
        ("a%2Fb", "a/b"), ("%c3%A9", "é"), ("a+b", "a+b"), ("%2500", "%00"), ("", ""),
    ])
    func `an escape is decoded once, and a plus is a plus`(encoded: String, decoded: String) {
        #expect(PercentEncoding.decode(encoded) == decoded)
    }

    @Test(arguments: ["%", "%2", "%zz", "a%", "%%20", "%+1", "%FF", "%C3", "%ED%A0%80", "%C0%AF"])
    func `a malformed escape, or one that is not UTF-8, is refused`(encoded: String) {
        #expect(PercentEncoding.decode(encoded) == nil)
    }
}
