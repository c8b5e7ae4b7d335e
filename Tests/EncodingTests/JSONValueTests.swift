import Encoding
import Testing

@Suite struct JSONValueTests {
    private func text(_ value: JSONValue) -> String {
        String(decoding: value.encoded(), as: UTF8.self)
    }

    @Test func `what is read is written unchanged, members in their order`() throws {
        let document = #"{"z":1.50,"a":[true,false,null,"é\n\"\\"],"m":{},"e":[]}"#
        #expect(text(try JSONValue(parsing: document)) == document)
    }

    @Test func `every character survives a round trip`() throws {
        let scalars = (0...0x2FF).compactMap(Unicode.Scalar.init) + ["\u{2028}", "😀", "\u{FEFF}"]
        let original = JSONValue.string(String(String.UnicodeScalarView(scalars)))
        #expect(try JSONValue(parsing: original.encoded()) == original)
    }

    @Test func `control characters are escaped`() {
        #expect(text("\u{0}\u{1F}\n\r\t") == #""\u0000\u001f\n\r\t""#)
    }

    @Test(arguments: [
        ("\"", #""\"""#), ("\\", #""\\""#), ("\"a\"", #""\"a\"""#), ("a\u{7}b", #""a\u0007b""#),
        ("a\nb\n", #""a\nb\n""#), ("", "\"\""), ("é\n😀", #""é\n😀""#),
        (
            "a long text, escaped at \u{1B} its end\t",
            #""a long text, escaped at \u001b its end\t""#
        ),
    ])
    func `a text's signs are escaped where they stand`(value: String, written: String) {
        #expect(text(.string(value)) == written)
    }

    @Test func `a member is found by its name`() {
        let value: JSONValue = ["a": 1, "b": "x", "c": true]
        #expect(value["a"]?.intValue == 1)
        #expect(value["b"]?.stringValue == "x")
        #expect(value["c"]?.boolValue == true)
        #expect(value["d"] == nil)
        #expect(JSONValue.array([])["a"] == nil)
    }

    @Test(arguments: [
        ("1", 1), ("-7", -7), ("1.0", nil), ("1e3", nil), ("9223372036854775808", nil),
    ])
    func `a whole number is one that is written as such and fits`(text: String, value: Int?) {
        #expect(JSONValue.number(text).intValue == value)
    }

    @Test func `a text that is nothing is null`() {
        #expect(JSONValue.string(orNull: nil) == .null)
        #expect(JSONValue.string(orNull: "") == "")
    }
}
