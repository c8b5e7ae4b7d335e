import Encoding
import HTTPTypes
import Headers
import Integrations
import Limits
import Primitives
import Testing

struct RequestedPauseTests {
    /// 2024-02-09T10:00:00Z
    private static let now = Timestamp(seconds: 1_707_472_800)

    private func pause(
        _ headers: [(String, String)], _ rateLimit: JSONValue = .null, isLimit: Bool = true
    ) throws -> Double? {
        var fields = HeaderFields()
        for (name, value) in headers {
            fields.append(HeaderField(name: try #require(HTTPField.Name(name)), value: value))
        }
        let definition = try IntegrationDefinition.read([
            "slug": "api", "authType": "apikey", "apiBaseUri": "https://api.test",
            "rateLimit": rateLimit,
        ]).definition
        return RequestedPause(
            ResponseHead(status: 429, headerFields: fields), definition.rateLimit,
            isLimit: isLimit, now: Self.now)?.seconds
    }

    @Test(arguments: [
        ("0", 0.0), ("7", 7), ("0007", 7), ("7200", 7200), ("292.05", 292.05), ("0.503", 0.503),
        ("1m0s", 60), ("20s", 20), ("1h2m3.5s", 3723.5), ("500ms", 0.5), ("5, 9", 9),
        ("1707472815", 15), ("2024-02-09T10:00:20Z", 20),
        ("Fri, 09 Feb 2024 10:00:30 GMT", 30), ("Friday, 09-Feb-24 10:00:30 GMT", 30),
        ("Fri Feb  9 10:00:30 2024", 30), ("Fri, 09 Feb 2024 09:00:00 GMT", 0),
    ])
    func `Retry-After counts in seconds, in units and as a date`(text: String, seconds: Double)
        throws
    {
        #expect(try pause([("Retry-After", text)]) == seconds)
        #expect(try pause([("Retry-After", text)], isLimit: false) == seconds)
    }

    @Test(arguments: [
        "", "-1", "1.", "1.5.2", "soon", "m", "5x", "1m 0s", "+5", "99999999999999999999",
        "10000000", "7 seconds", "0x7",
        "Fri, 09 Feb 2024 25:00:30 GMT", "Fri, 09 Foo 2024 10:00:30 GMT",
        "Fri, 09 Feb 9999 10:00:30 GMT", "1e3", "٣",
    ])
    func `what makes no sense in it is ignored`(text: String) throws {
        #expect(try pause([("Retry-After", text)]) == nil)
    }

    @Test func `of several, the longest that makes sense counts`() throws {
        #expect(try pause([("Retry-After", "3"), ("Retry-After", "9")]) == 9)
        #expect(try pause([("Retry-After", "3"), ("Retry-After", "soon")]) == 3)
        #expect(try pause([("RateLimit-Reset", "3"), ("X-RateLimit-Reset", "9")]) == 9)
    }

    @Test func `milliseconds count, too, also beside whole seconds`() throws {
        #expect(try pause([("Retry-After-Ms", "503")]) == 0.503)
        #expect(try pause([("X-MS-Retry-After-Ms", "20")], isLimit: false) == 0.02)
        #expect(try pause([("Retry-After", "1"), ("Retry-After-Ms", "503")]) == 1)
        #expect(try pause([("Retry-After-Ms", "-1")]) == nil)
    }

    @Test(
        arguments: [
            ("\"default\";r=0;t=30", 30.0), ("\"a, b\";t=4;r=0 , \"day\";r=900;t=4000", 4),
            ("\"a\";r=0;t=4, \"b\";r=0;t=7", 7), ("limit=100, remaining=0, reset=12", 12),
            ("\"default\";r=7;t=30", nil), ("limit=100, remaining=3, reset=12", nil),
            ("\"default\";r=0", nil), ("\"default", nil), ("", nil), (";;,=", nil),
        ] as [(String, Double?)])
    func `the IETF's field tells it for the limits that are used up`(
        text: String, seconds: Double?
    ) throws {
        #expect(try pause([("RateLimit", text)]) == seconds)
        #expect(try pause([("RateLimit", text)], isLimit: false) == nil)
    }

    @Test func `a date counts from the answer's own, so that no clock has to be right`() throws {
        #expect(
            try pause([
                ("Date", "Fri, 09 Feb 2024 08:00:00 GMT"),
                ("Retry-After", "Fri, 09 Feb 2024 08:00:20 GMT"),
            ]) == 20)
    }

    @Test(arguments: [
        ("seconds", "12", 12.0), ("milliseconds", "1500", 1.5), ("epoch-seconds", "1707472815", 15),
        ("epoch-milliseconds", "1707472815500", 15.5), ("date", "2024-02-09T10:00:20Z", 20),
        ("date", "Fri, 09 Feb 2024 10:00:20 GMT", 20), ("epoch-seconds", "1707472000", 0),
    ])
    func `a reset is read as the integration says`(
        format: String, text: String, seconds: Double
    ) throws {
        let rateLimit: JSONValue = ["reset": "X-Reset", "resetFormat": .string(format)]
        #expect(try pause([("X-Reset", text)], rateLimit) == seconds)
    }

    @Test(arguments: [
        ("X-RateLimit-Reset", "12", 12.0), ("RateLimit-Reset", "12", 12),
        ("X-RateLimit-Reset", "1707472815", 15), ("X-Rate-Limit-Reset", "1707472815500", 15.5),
        ("X-RateLimit-Reset-After", "0.25", 0.25),
        ("X-RateLimit-Reset", "2024-02-09T10:00:20Z", 20),
    ])
    func `a reset that is not described is guessed`(
        name: String, text: String, seconds: Double
    ) throws {
        #expect(try pause([(name, text)]) == seconds)
        #expect(try pause([(name, text)], isLimit: false) == nil)
    }

    @Test(arguments: ["-5", "nan", "inf", "soon", "99999999999999999999", ""])
    func `a reset that makes no sense is ignored`(text: String) throws {
        #expect(try pause([("X-RateLimit-Reset", text)]) == nil)
    }

    @Test func `Retry-After wins over a reset`() throws {
        #expect(try pause([("Retry-After", "3"), ("X-RateLimit-Reset", "40")]) == 3)
        #expect(try pause([("Retry-After", "junk"), ("X-RateLimit-Reset", "40")]) == 40)
    }
}
