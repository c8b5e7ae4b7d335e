import Addressing
import Crypto
import Encoding
import HTTPTypes
import Headers
import Integrations
import Limits
import OAuth
import Primitives
import Templates
import Testing

/// Whatever a caller, a provider or an operator writes is read or refused, and ends nothing: each
/// decoder is given what looks like its own texts, changed at random. The seed is fixed; a trap is
/// the end of the test's process.
struct StrayInputTests {
    /// What the texts are made of beside their own parts.
    private static let pieces = [
        "0", "9", "-1", "1e400", "9223372036854775807", "18446744073709551616", "1e-400", "NaN",
        "+",
        "%", "%00", "%ff", "{", "}", "[", "]", "(", ")", "\"", "\\", "\\ud800", "\\u0000", "=", "&",
        ";",
        ":", ",", "/", "//", ".", "..", "?", "#", "@", "|", "*", "{255}", "^", "$", " ", "\t",
        "\r\n",
        "\u{0}", "\u{301}", "\u{212A}", "\u{FFFD}", "\u{202E}", "é", "🙂", "GMT", "Z", "-----",
    ]

    private func expectSurvival(of texts: [String], rounds: Int = 4000, _ read: (String) -> Void) {
        var chance = Chance(seed: 12)
        for text in texts { read(text) }
        for _ in 0..<rounds {
            var scalars = Array((texts.randomElement(using: &chance) ?? "").unicodeScalars)
            for _ in 0..<Int.random(in: 1...5, using: &chance) {
                let place = Int.random(in: 0...scalars.count, using: &chance)
                let end = min(scalars.count, place + .random(in: 0...4, using: &chance))
                let piece = Self.pieces.randomElement(using: &chance) ?? ""
                scalars.replaceSubrange(
                    place..<end,
                    with: Bool.random(using: &chance) ? Array(piece.unicodeScalars) : [])
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            read(String(text))
        }
    }

    private static let json = [
        #"{"access_token": "a", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "r"}"#,
        #"{"access_token": "a", "expires_in": "1e18", "expires_at": 1e300, "scope": ["a", "b"]}"#,
        #"{"access_token": "a", "expires_at": "2024-02-10T14:30:00.5Z", "x": [[[{"a": -0.1E+5}]]]}"#,
    ]

    @Test func `JSON, and the tokens in it`() {
        expectSurvival(of: Self.json) { text in
            guard let json = try? JSONValue(parsing: text) else { return }
            _ = json.encoded()
            _ = [json["expires_in"]?.intValue.map(Double.init), json["expires_in"]?.doubleValue]
            guard let response = try? TokenResponse(members: json) else { return }
            _ = response.end(askedAt: 1_707_472_800)
            _ = response.end(askedAt: .max - 4_000_000_000)
        }
    }

    @Test func `forms and percent-encoding`() {
        expectSurvival(of: ["a=1&b=%C3%A9&c", "x=1+2&%26=%3D"]) { text in
            _ = Form(encoded: text)?.encoded
            _ = PercentEncoding.decode(text)
            _ = Hexadecimal.decode(text)
        }
    }

    @Test func `dates, and pauses that an API asks for`() throws {
        let reset = try #require(HTTPField.Name("X-RateLimit-Reset"))
        let list = try #require(HTTPField.Name("RateLimit"))
        let dates = [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994", "2024-02-10T14:30:00Z", "120", "1707472800", "1e12",
            "1h2m3.5s", "\"hour\";r=0;t=30, \"day\";r=9;t=4000",
        ]
        expectSurvival(of: dates) { text in
            _ = HTTPDate.parse(text, now: 1_795_971_600)
            for name in [HTTPField.Name.retryAfter, .date, reset, list] {
                let head = ResponseHead(status: .tooManyRequests, headerFields: [name: text])
                let pause = RequestedPause(head, nil, isLimit: true, now: Timestamp(seconds: 0))
                #expect(pause.map { $0.seconds >= 0 } ?? true)
            }
        }
    }

    @Test func `URLs, and what is called`() throws {
        let base = try #require(APIAddress.Base("https://api.test/v3"))
        let address = [
            "https://api.test/v3/files?a=%20", "http://[::1]:80/x", "/a/%2e%2e/b?c#d", "",
        ]
        expectSurvival(of: address) { text in
            _ = AbsoluteURL(text)?.origin.description
            _ = try? ProxyTarget(relative: text, base: base)
            _ = URLTemplate("https://{" + text + "}.test/" + text)
            _ = IPAddress(text)?.description
            _ = try? IPNetwork(text + "/" + text)
        }
    }

    @Test func `patterns, paths into JSON and templates`() throws {
        let json = try JSONValue(
            parsing: #"{"a": [{"b": "1", "c": true}, 2], "team": {"id": "x"}}"#)
        let texts = [
            "[a-z]{2,5}(?:x|y)*\\d", "(((a|b)+)?c){3}", "team.id", "a[b=1][0].c", "{a}.{b",
        ]
        expectSurvival(of: texts) { text in
            if let pattern = ValuePattern(text) { _ = (pattern.html, pattern.matches(text)) }
            _ = MemberPath(text)?.value(in: json)
            _ = Template(text).filled { $0 }
        }
    }

    @Test func `keys`() throws {
        let keys = [
            P256.Signing.PrivateKey().pemRepresentation,
            P384.Signing.PrivateKey().pemRepresentation,
        ]
        expectSurvival(of: keys, rounds: 2000) { text in
            _ = try? SigningKey(pem: text).signature(over: .init([1, 2, 3]))
        }
    }
}

/// Chance that comes out the same each time (SplitMix64).
private struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
