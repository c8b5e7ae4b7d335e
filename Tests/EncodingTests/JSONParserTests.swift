import Encoding
import Testing

@Suite struct JSONParserTests {
    @Test(
        arguments: [
            ("null", JSONValue.null), ("true", true), (" [ ] ", []), ("{}", [:]),
            (#"{"a":[1,{"b":null}]}"#, ["a": [1, ["b": .null]]]),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u00e9\uD83D\uDE00\u0000""#, "é😀\0"), ("\t\r\n1", 1),
        ] as [(String, JSONValue)])
    func `a JSON text gives its value`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        "0", "-0", "1.50", "1e400", "-1.5E+10", "12345678901234567890123456789", "0.1",
    ])
    func `a number is kept as it is written`(text: String) throws {
        #expect(try JSONValue(parsing: text) == .number(text))
        #expect(String(decoding: JSONValue.number(text).encoded(), as: UTF8.self) == text)
    }

    @Test(arguments: [
        "", " ", "01", "+1", ".5", "1.", "1e", "-", "0x1", "NaN", "Infinity", "nul", "True",
        "[1,]", "[1 2]", "[", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "{'a':1}",
        #""a"#, #""\x""#, #""\u12""#, #""\u12g4""#, #""\u+123""#, #""\uD800""#, #""\uDC00""#,
        #""\uD800\u0041""#, "\"a\u{1}\"", "\"a\nb\"", "1 1", "{} x", "// c\n1", "\u{FEFF}1",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF],
            [0x22, 0xE2, 0x82, 0x22],
        ] as [[UInt8]])
    func `a text that is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test(arguments: [#"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"[{"b":{"a":1,"a":2}}]"#])
    func `a name that occurs twice is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test(arguments: [1, 15, 16, 17, 40])
    func `a name that occurs twice is refused, however many there are`(count: Int) throws {
        let names = (0..<count).map { "\"name \($0)\":\($0)" }
        let object = try JSONValue(parsing: "{\(names.joined(separator: ","))}")
        #expect(object.members?.count == count)
        for again in [0, count / 2, count - 1] {
            let text = "{\((names + [names[again]]).joined(separator: ","))}"
            #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        }
    }

    @Test func `names that only Unicode calls equal are two names (RFC 8259 §8.3)`() throws {
        let value = try JSONValue(parsing: #"{"\u00e9":1,"e\u0301":2}"#)
        #expect(value.members?.count == 2)
    }

    @Test func `nesting is read to the limit and no deeper`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: #"[{"a":"#, count: depth / 2) + "1"
                + String(repeating: "}]", count: depth / 2)
        }
        _ = try JSONValue(parsing: nested(64))
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(66)) }
        #expect(throws: JSONError.self) {
            try JSONValue(parsing: String(repeating: "[", count: 1_000_000))
        }
        _ = try JSONValue(parsing: "[[]]", maximumDepth: 2)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[[]]", maximumDepth: 1) }
    }

    @Test func `nesting counts depth, not brackets`() throws {
        let text = "[" + Array(repeating: "[]", count: 1_000).joined(separator: ",") + "]"
        #expect(try JSONValue(parsing: text).elements?.count == 1_000)
    }

    @Test func `an error says where`() {
        #expect {
            try JSONValue(parsing: #"{"a":x}"#)
        } throws: { error in
            (error as? JSONError)?.offset == 5
        }
    }
}
