import Encoding
import OAuth
import Testing

/// The end of a token as providers write it.
@Suite struct MomentTests {
    /// - Parameter written: JSON.
    private func end(_ written: String) throws -> Int64? {
        try TokenResponse(
            members: try JSONValue(
                parsing: Array(#"{"access_token":"a","expires_at":\#(written)}"#.utf8))
        ).expiresAt
    }

    @Test(arguments: [
        ("1798761600", 1_798_761_600), ("1798761600.9", 1_798_761_600),
        (#""1798761600""#, 1_798_761_600), ("1.7987616e9", 1_798_761_600),
        // Nobody means the year 58971.
        ("1798761600123", 1_798_761_600), (#""1798761600123""#, 1_798_761_600),
        (#""2027-01-01T00:00:00Z""#, 1_798_761_600), (#""2027-01-01T00:00:00.5Z""#, 1_798_761_600),
        (#""2027-01-01T01:00:00+01:00""#, 1_798_761_600),
        (#""2027-01-01T00:00:00.123456Z""#, 1_798_761_600),
    ])
    func `it is a number or a numeric text, in seconds or milliseconds, or a date`(
        written: String, seconds: Int64
    ) throws {
        #expect(try end(written) == seconds)
    }

    @Test(arguments: [
        "0", "-1", "1e999", "-1e999", "99999999999999999999999", "50000000000", "null", "true",
        "[]", "{}", #""""#, #"" ""#, #""soon""#, #""inf""#, #""nan""#, #""0x6b49d200""#, #""-5""#,
        #""9999-12-31T23:59:59Z""#, #""0000-00-00T00:00:00Z""#, #""2027-13-01T00:00:00Z""#,
        #""2027-01-01""#, #""T""#, #""1798761600 ""#, #""17987616OO""#,
    ])
    func `what is none counts as not said`(written: String) throws {
        #expect(try end(written) == nil)
    }

    @Test func `whatever is written there, the token is kept`() throws {
        var random = SplitMix(state: 7)
        let alphabet = Array("0123456789.eE+-:TZ \"\\{}[],naifu\u{0}\u{7f}é年").map(String.init)
        for _ in 0..<20_000 {
            let length = Int.random(in: 0...24, using: &random)
            let text = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? "" }
                .joined()
            let members: JSONValue = ["access_token": "a", "expires_at": .string(text)]
            let end = try TokenResponse(members: members).expiresAt
            #expect(end.map { (1..<10_000_000_000).contains($0) } ?? true, "\(text)")
        }
    }

    @Test func `whatever number is written there, it is a moment of these centuries or none`()
        throws
    {
        var random = SplitMix(state: 11)
        for _ in 0..<20_000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            let end = try end("\(number)")
            #expect(end.map { (1..<10_000_000_000).contains($0) } ?? true, "\(number)")
        }
    }

    /// The same numbers each time: a failure can be looked at.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
