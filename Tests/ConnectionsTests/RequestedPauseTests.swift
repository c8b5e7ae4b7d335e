import Connections
import Encoding
import HTTPTypes
import Testing

struct RequestedPauseTests {
    /// 2024-02-09T10:00:00Z
    private static let now = Timestamp(seconds: 1_707_472_800)

    private func pause(
        _ headers: [(String, String)], _ rateLimit: JSONValue = .null, isLimit: Bool = true
    ) throws -> Double? {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let definition = try IntegrationDefinition.read([
            "slug": "api", "authType": "apikey", "apiBaseUri": "https://api.test",
            "rateLimit": rateLimit,
        ]).definition
        return RequestedPause(
            HTTPResponse(status: 429, headerFields: fields), definition.rateLimit,
            isLimit: isLimit, now: Self.now)?.seconds
    }

    @Test(arguments: [
        ("0", 0.0), ("7", 7), ("0007", 7), ("7200", 7200),
        ("Fri, 09 Feb 2024 10:00:30 GMT", 30), ("Friday, 09-Feb-24 10:00:30 GMT", 30),
        ("Fri Feb  9 10:00:30 2024", 30), ("Fri, 09 Feb 2024 09:00:00 GMT", 0),
    ])
    func `Retry-After counts in seconds and as a date`(text: String, seconds: Double) throws {
        #expect(try pause([("Retry-After", text)]) == seconds)
        #expect(try pause([("Retry-After", text)], isLimit: false) == seconds)
    }

    @Test(arguments: [
        "", "-1", "1.5", "soon", "99999999999999999999", "10000000", "7 seconds", "0x7",
        "Fri, 09 Feb 2024 25:00:30 GMT", "Fri, 09 Foo 2024 10:00:30 GMT",
        "Fri, 09 Feb 9999 10:00:30 GMT", "1e3", "٣",
    ])
    func `what makes no sense in it is ignored`(text: String) throws {
        #expect(try pause([("Retry-After", text)]) == nil)
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
    func `a reset that nobody described is guessed`(
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
