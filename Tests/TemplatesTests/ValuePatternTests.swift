import Templates
import Testing

struct ValuePatternTests {
    @Test(
        arguments: [
            ("[a-z0-9][a-z0-9-]{0,3}", ["a", "a-b", "9abc"], ["", "-a", "abcde", "A", "a."]),
            ("a(b|cd)*e?", ["a", "ab", "acdb", "abe"], ["b", "ac", "aee"]),
            ("(?:x|)y", ["y", "xy"], ["x", "xxy"]),
            ("account|account-d", ["account", "account-d"], ["account-", "accountaccount-d"]),
            (#"\d+(?:\.\d{2,})?"#, ["1", "1.25", "1.250"], ["1.", "1.2", ".25"]),
            ("([a-z]+[.]){1,2}test", ["a.test", "a.b.test"], ["test", "a.b.c.test", "a-test"]),
            ("^[^-/]+$", ["a", "#"], ["a-", "a/b", ""]),
            ("a{2}b{2,}c{0,1}", ["aabb", "aabbbc"], ["abb", "aab", "aabbcc"]),
            (".", ["a", "~"], ["", "aa"]), (#"[\w.+-]"#, ["_", "+", "-"], ["@", "ab"]),
            (#"[\w\-\.]"#, ["_", "-", "."], ["/"]), (#"[^\/\\]"#, ["a"], ["/", #"\"#]),
            ("a^b|a$b|^^a$$", ["a"], ["ab", "b"]), ("(a*)*", ["", "aaa"], ["b"]), ("", [""], ["a"]),
        ] as [(String, [String], [String])])
    func `whole values match`(pattern: String, good: [String], bad: [String]) throws {
        let pattern = try #require(ValuePattern(pattern))
        for value in good { #expect(pattern.matches(value), "\(value)") }
        for value in bad { #expect(!pattern.matches(value), "\(value)") }
    }

    /// Each of these costs a backtracking matcher a time that no test outlives.
    @Test(arguments: [
        ("([a-z0-9]+-?)+", String(repeating: "a", count: 254) + "_"),
        ("(a?){60}a{60}b", String(repeating: "a", count: 120)),
        ("(((a*)*)*)*b", String(repeating: "a", count: 255)), ("(a|a|ab)*c", "ababababab!"),
    ])
    func `no pattern takes long`(pattern: String, value: String) throws {
        #expect(try #require(ValuePattern(pattern)).matches(value) == false)
    }

    @Test(arguments: [
        ("[a-z0-9][a-z0-9-]{0,62}", #"[0-9a-z][\-0-9a-z]{0,62}"#),
        ("(sandbox-)?quickbooks[.]api", #"(?:sandbox-)?quickbooks\.api"#),
        ("account|account-d", "(?:account|account-d)"),
        (#"\d+(\.\d{2,})?"#, #"[0-9]+(?:\.[0-9]{2,})?"#), ("https://[a-z]+", #"https:\/\/[a-z]+"#),
        (#"a\-b[\-xy]"#, #"a-b[\-xy]"#), ("^a$", "^a$"), ("(?:ab){3}", "(?:ab){3}"),
    ])
    func `browsers read the same`(pattern: String, html: String) {
        #expect(ValuePattern(pattern)?.html == html)
    }

    @Test(arguments: [
        "(?i)a", "(?=a)b", "(?<name>a)", "a+?", "a++", #"\p{L}"#, #"\bword"#, "[[:alpha:]]",
        "[a--b]", "[a-z&&[aeiou]]", "[!!]", "[+-.]", #"[\!-~]"#, #"[^\.-z]"#, #"[\d-x]"#, "[z-a]",
        "[]", "[^]", "[a", "(a", "a)", "a]",
        "{2}", "*", "a{x}", "a{2,1}", "a{256}", "a{1,2,3}", "^*", #"\"#, "é", "a\nb",
        String(repeating: "[", count: 5000), String(repeating: "a", count: 1025),
        String(repeating: "(", count: 40) + "a" + String(repeating: ")", count: 40),
        "(((a{255}){255}){255}){255}",
    ])
    func `whatever is of another language, or too much, is none`(pattern: String) {
        #expect(ValuePattern(pattern) == nil)
    }

    @Test func `nothing may be repeated without end`() {
        #expect(ValuePattern("((((){255}){255}){255}){255}|a")?.matches("a") == true)
    }
}
