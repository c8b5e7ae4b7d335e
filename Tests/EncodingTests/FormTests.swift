import Encoding
import Testing

@Suite struct FormTests {
    @Test func `names and values are decoded, in their order`() throws {
        let form = try #require(Form(encoded: "b=1+2&a=%26%3D&b=%C3%A9"))
        #expect(form.fields == [.init("b", "1 2"), .init("a", "&="), .init("b", "é")])
        #expect(form["b"] == "1 2")
        #expect(form.all("b") == ["1 2", "é"])
        #expect(form["c"] == nil)
    }

    @Test(arguments: [
        ("", []), ("&&", []), ("a", [Form.Field("a", "")]), ("a=", [Form.Field("a", "")]),
        ("=x", [Form.Field("", "x")]), ("a=b=c", [Form.Field("a", "b=c")]),
        ("a=1&", [Form.Field("a", "1")]), ("a;b=1", [Form.Field("a;b", "1")]),
    ])
    func `odd forms have one reading`(encoded: String, fields: [Form.Field]) {
        #expect(Form(encoded: encoded)?.fields == fields)
    }

    @Test(arguments: ["a=%", "%zz=1", "a=1&b=%FF", "a=%C3"])
    func `a malformed form is refused whole`(encoded: String) {
        #expect(Form(encoded: encoded) == nil)
    }

    @Test(arguments: [[0xE9], [0x61, 0x3D, 0xC3], [0xED, 0xA0, 0x80, 0x3D, 0x31]])
    func `SECURITY 46: bytes that are not UTF-8 are refused and not repaired`(bytes: [UInt8]) {
        #expect(Form(encodedBytes: bytes) == nil)
    }

    @Test func `a separator is a byte, whatever stands behind it`() throws {
        // Swift takes '&' and a combining accent for one character.
        let form = try #require(Form(encoded: "a=1&\u{301}b=2&c=\u{301}3"))
        #expect(form.fields == [.init("a", "1"), .init("\u{301}b", "2"), .init("c", "\u{301}3")])
    }

    @Test func `an encoded form reads back as it was`() {
        var form = Form([.init("a b", "1&2=3"), .init("é", "+")])
        form.append("a b", "%20")
        #expect(form.encoded == "a%20b=1%262%3D3&%C3%A9=%2B&a%20b=%2520")
        #expect(Form(encoded: form.encoded) == form)
    }
}
