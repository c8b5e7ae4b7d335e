import OAuth
import Testing

/// SECURITY 4 and 6.
@Suite struct CodeVerifierTests {
    @Test func `the challenge is the one of RFC 7636 appendix B`() throws {
        let verifier = try #require(CodeVerifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
        #expect(verifier.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func `a fresh verifier has 43 characters that a verifier may have (SECURITY 6)`() {
        let verifier = CodeVerifier()
        #expect(verifier.text.utf8.count == 43)
        #expect(CodeVerifier(verifier.text) != nil)
    }

    @Test func `no two fresh verifiers are equal`() {
        let texts = Set((0..<1_000).map { _ in CodeVerifier().text })
        #expect(texts.count == 1_000)
    }

    @Test(arguments: [43, 128])
    func `a verifier may have 43 to 128 characters`(length: Int) {
        #expect(CodeVerifier(String(repeating: "~", count: length)) != nil)
    }

    @Test(arguments: [
        String(repeating: "a", count: 42), String(repeating: "a", count: 129),
        String(repeating: "a", count: 43) + "+", String(repeating: "a", count: 43) + "é", "",
    ])
    func `a verifier of another length or alphabet is refused`(text: String) {
        #expect(CodeVerifier(text) == nil)
    }

    @Test(arguments: [(128, 22), (256, 43), (12, 3)])
    func `a random token has the bits that are asked for`(bits: Int, characters: Int) {
        #expect(RandomToken.make(bits: bits).utf8.count == characters)
    }

    @Test func `a random token has no character that a URL would escape`() {
        let all = (0..<200).map { _ in RandomToken.make() }.joined()
        #expect(all.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        #expect(all.contains("-") && all.contains("_"))
    }
}
