import API
import Testing

struct HTMLPatternTests {
    @Test(arguments: [
        ("[a-z0-9][a-z0-9-]{0,62}", #"[a-z0-9][a-z0-9\-]{0,62}"#),
        ("[A-Za-z0-9][A-Za-z0-9 &'()_-]*", #"[A-Za-z0-9][A-Za-z0-9 &'\(\)_\-]*"#),
        (
            "(sandbox-)?quickbooks[.]api[.]intuit[.]com",
            "(sandbox-)?quickbooks[.]api[.]intuit[.]com"
        ),
        ("account|account-d", "account|account-d"), (#"\d+(?:\.\d{2,})?"#, #"\d+(?:\.\d{2,})?"#),
        ("https://[a-z]+", "https://[a-z]+"), ("[^-/]", #"[^\-\/]"#), (#"a\-b[\-x]"#, #"a-b[\-x]"#),
    ])
    func `what browsers read as Swift does is passed on as they want it`(
        pattern: String, html: String
    ) {
        #expect(HTMLPattern(pattern)?.text == html)
    }

    @Test(arguments: [
        "(?i)a", "(?=a)b", "(?<name>a)", "a+?", "a++", #"\p{L}"#, #"\bword"#, "[[:alpha:]]",
        "[a--b]",
        "[a-z&&[aeiou]]", "[!!]", "[+-.]", "[z-a]", "[]", "[^]", "[a", "(a", "a)", "a]", "{2}", "*",
        "a{x}", #"\"#, "é", "a\nb",
    ])
    func `what browsers read otherwise, or not at all, is left out`(pattern: String) {
        #expect(HTMLPattern(pattern) == nil)
    }
}
