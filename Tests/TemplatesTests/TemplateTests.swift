import Templates
import Testing

@Suite struct TemplateTests {
    @Test(
        arguments: [
            ("", []), ("plain", []), ("{a}", ["a"]), ("x{a}y{b.c_1}z{a}", ["a", "b.c_1", "a"]),
            ("{", []), ("}", []), ("{}", []), ("{a", []), ("a}", []), ("{{a}}", ["a"]),
            ("{a b}", []), ("{ä}", []), ("{\"query\": {\"a\": 1}}", []), ("{a}{", ["a"]),
        ] as [(String, [String])])
    func `names stand in braces, and every other brace is a brace`(text: String, names: [String]) {
        #expect(Template(text).names == names)
        #expect(Template(text).filled { _ in nil } == text)
    }

    @Test func `a value is put in as it is, once`() {
        let values = ["a": "{b}", "b": "2"]
        #expect(Template("{a}-{b}-{c}").filled { values[$0] } == "{b}-2-{c}")
    }

    @Test func `an error ends it`() {
        struct Unknown: Error {}
        #expect(throws: Unknown.self) {
            try Template("{a}").filled { _ throws(Unknown) in throw Unknown() }
        }
    }
}
