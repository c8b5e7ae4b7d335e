import HTTPTypes
import Headers
import Testing

struct HeaderFieldsTests {
    private static func fields(_ lines: [(String, String)]) -> HeaderFields {
        var fields = HeaderFields()
        for (name, value) in lines { append(name, value, to: &fields, .strict) }
        return fields
    }

    @discardableResult
    private static func append(
        _ name: String, _ value: String, to fields: inout HeaderFields, _ cleaning: ValueCleaning
    ) -> Bool {
        Array(name.utf8).withUnsafeBytes { name in
            Array(value.utf8).withUnsafeBytes { value in
                fields.append(name: name, value: value, cleaning: cleaning)
            }
        }
    }

    private static func text(_ fields: HeaderFields) -> String {
        fields.map { $0.withUnsafeBytesOfLine { String(decoding: $0, as: UTF8.self) } }.joined()
    }

    @Test func `lines are kept as they were written, in their order`() {
        let fields = Self.fields([("X-One", "1"), ("accept", "a, b"), ("X-one", "2")])
        #expect(Self.text(fields) == "X-One: 1\r\naccept: a, b\r\nX-one: 2\r\n")
        #expect(fields.map(\.canonicalName) == ["x-one", "accept", "x-one"])
    }

    @Test func `a name is found in any letters, and no other name of its length is`() {
        let fields = Self.fields([("aCCept", "1"), ("Accent", "2"), ("Accept-Charset", "3")])
        #expect(fields[.accept] == "1")
        #expect(!fields.contains(.age))
        #expect(fields.contains(HTTPField.Name.known("ACCENT")))
        #expect(!fields.contains(HTTPField.Name.known("Aczent")))
    }

    @Test func `values of one name are a list, cookies a line`() {
        let fields = Self.fields([
            ("Via", "a"), ("Cookie", "x=1"), ("via", "b"), ("cookie", "y=2"),
        ])
        #expect(fields[.via] == "a, b")
        #expect(fields[.cookie] == "x=1; y=2")
        #expect(fields[values: .via] == ["a", "b"])
    }

    @Test func `setting a value replaces the first field and removes the others`() {
        var fields = Self.fields([("A", "1"), ("Via", "a"), ("B", "2"), ("via", "b")])
        fields[.via] = "c"
        #expect(Self.text(fields) == "A: 1\r\nVia: c\r\nB: 2\r\n")
        fields[.via] = nil
        #expect(Self.text(fields) == "A: 1\r\nB: 2\r\n")
        fields[.age] = "3"
        #expect(Self.text(fields) == "A: 1\r\nB: 2\r\nAge: 3\r\n")
    }

    @Test(arguments: [
        ("a\r\nSet-Cookie: x", "a  Set-Cookie: x"), ("a\u{0}b", "a b"), (" \ta b\t ", "a b"),
        ("\r\n", ""), ("a\u{1F}b", "a b"), ("ü", "ü"), ("", ""), ("\u{0}a\u{7F}", "a"),
    ])
    func `SECURITY 34: a value begins no other line`(value: String, kept: String) {
        var fields = HeaderFields()
        Self.append("X-A", value, to: &fields, .strict)
        #expect(Self.text(fields) == "X-A: \(kept)\r\n")
        var set = HeaderFields()
        set[HTTPField.Name.known("X-A")] = value
        #expect(set == fields)
    }

    @Test func `a lenient value keeps all but line ends and NULs`() {
        var fields = HeaderFields()
        Self.append("X-A", " a\u{1}\r\n\u{0}b ", to: &fields, .lenient)
        #expect(Self.text(fields) == "X-A:  a\u{1}   b \r\n")
    }

    @Test(arguments: ["", "a b", "a:", "a\r", "ä", "(a)", "a\u{0}"])
    func `a name that is no token is refused`(name: String) {
        var fields = HeaderFields()
        #expect(!Self.append(name, "1", to: &fields, .strict))
        #expect(fields.isEmpty)
    }

    @Test func `CGI's spelling becomes the field's`() {
        var fields = HeaderFields()
        let isName = Array("ACCEPT_LANGUAGE".utf8).withUnsafeBytes { name in
            Array("de".utf8).withUnsafeBytes { fields.append(cgiName: name, value: $0) }
        }
        #expect(isName)
        #expect(Self.text(fields) == "accept-language: de\r\n")
    }

    @Test func `a folded line goes on with the value before`() {
        var fields = Self.fields([("A", "1"), ("B", "2")])
        Array("3\r".utf8).withUnsafeBytes { fields.extendLast($0) }
        #expect(Self.text(fields) == "A: 1\r\nB: 2 3 \r\n")
        #expect(fields[HTTPField.Name.known("B")] == "2 3 ")
    }

    @Test func `a field is copied from another header with its bytes`() {
        let fields = Self.fields([("A", "1"), ("Bee", "two"), ("C", "3")])
        let some = HeaderFields(fields.filter { !$0.isNamed(HTTPField.Name.known("a")) })
        #expect(Self.text(some) == "Bee: two\r\nC: 3\r\n")
        #expect(some.first(HTTPField.Name.known("bee"))?.renamed(.age).description == "Age: two")
    }

    @Test func `bytes that are not UTF-8 pass through, and are replaced in texts only`() {
        var fields = HeaderFields()
        Array("X-A".utf8).withUnsafeBytes { name in
            [UInt8(0xFF), 0x41].withUnsafeBytes {
                _ = fields.append(name: name, value: $0, cleaning: .strict)
            }
        }
        #expect(fields.first.map { $0.withUnsafeBytesOfValue { [UInt8]($0) } } == [0xFF, 0x41])
        #expect(fields.first?.value == "\u{FFFD}A")
    }

    @Test func `names, beginnings and endings are found in any letters`() {
        let set = FieldNameSet(names: ["via"], beginnings: ["sec-"], endings: ["-ip"])
        for name in ["Via", "SEC-Fetch", "sec-", "X-Real-IP", "-ip"] {
            #expect(set.contains(name), "\(name)")
            #expect(set.contains(HeaderField(name: .known(name), value: "")), "\(name)")
        }
        for name in ["vi", "viaa", "sec", "ip", "xip"] { #expect(!set.contains(name), "\(name)") }
    }
}
