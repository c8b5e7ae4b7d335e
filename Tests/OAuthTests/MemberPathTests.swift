import Encoding
import OAuth
import Testing

@Suite struct MemberPathTests {
    private static let document: JSONValue = [
        "team": ["id": "T1", "a.b": "dotted"], "number": 7, "flag": true, "nothing": .null,
        "list": [
            ["id": "one", "main": false, "site": "https://one.test/a=b"],
            ["id": "two", "main": true, "site": "https://two.test"],
        ],
    ]

    @Test(arguments: [
        ("team.id", "T1"), ("number", "7"), ("flag", "true"), ("list[0].id", "one"),
        ("list[1].id", "two"), ("list[main=true][0].id", "two"),
        ("list[site=https://one.test/a=b][0].id", "one"), ("list[main=false][0].main", "false"),
    ])
    func `dots lead into objects, brackets into lists`(text: String, value: String) throws {
        let path = try #require(MemberPath(text))
        #expect(path.text == text)
        #expect(path.value(in: Self.document)?.plainText == value)
    }

    @Test func `the document itself may be the list`() throws {
        let list = try #require(Self.document["list"])
        #expect(MemberPath("[1].id")?.value(in: list) == "two")
        #expect(MemberPath("[id=one][0].main")?.value(in: list) == false)
    }

    @Test(arguments: [
        "team.id.further", "team[0]", "number.x", "list.id", "list[2]", "list[id=three][0]",
        "list[id=one][1]", "absent", "absent.further", "team.a.b", "list[99999999999999999]",
    ])
    func `what leads nowhere finds nothing`(text: String) throws {
        #expect(try #require(MemberPath(text)).value(in: Self.document) == nil)
    }

    @Test(arguments: [
        "", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a[=x]", "a[-1]", "a]b[0]c", "[0]id",
        "a[0].", "a[99999999999999999999]",
    ])
    func `what is no way is refused`(text: String) {
        #expect(MemberPath(text) == nil)
    }

    @Test func `a choice may hang on what is known, and keeps all where it is not`() throws {
        let path = try #require(MemberPath("list[site=https://{site}.test][0].id"))
        #expect(path.names == ["site"])
        #expect(path.lastMember == "id")
        #expect(path.value(in: Self.document) { $0 == "site" ? "two" : nil } == "two")
        #expect(path.value(in: Self.document) { $0 == "site" ? "ten" : nil } == nil)
        #expect(path.value(in: Self.document) == "one")
    }

    @Test func `a member may have any name`() {
        let path = MemberPath(member: "a.b")
        #expect(path.value(in: ["a.b": 1]) == 1)
        #expect(path.value(in: ["a": ["b": 1]]) == nil)
    }
}
