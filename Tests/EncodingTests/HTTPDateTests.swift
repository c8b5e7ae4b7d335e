import Encoding
import Testing

/// Dates of header fields (RFC 9110 §5.6.7).
struct HTTPDateTests {
    /// 2026-11-29T17:00:00Z.
    private static let now: Int64 = 1_795_971_600

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
    ])
    func `all three forms are read`(text: String, seconds: Int64) {
        #expect(HTTPDate.parse(text, now: Self.now) == seconds)
    }

    @Test(arguments: [
        ("29-Nov-76 16:59:59", 1_795_971_600, 3_373_894_799),  // 2076
        ("30-Nov-76 17:00:00", 1_795_971_600, 218_221_200),  // 1976
        ("01-Jan-77 00:00:00", 1_795_971_600, 220_924_800),  // 1977
        ("31-Dec-75 23:59:59", 1_795_971_600, 3_345_062_399),  // 2075
        ("01-Jan-00 00:00:00", 1_795_971_600, 946_684_800),  // 2000
        ("01-Jan-20 00:00:00", 4_000_000_000, 4_733_510_400),  // 2120, seen in 2096
        ("01-Jan-70 00:00:00", 0, 0), ("01-Jan-19 00:00:00", 0, 1_546_300_800),  // 2019
    ])
    func `a year of two digits is within 50 years of now`(text: String, now: Int64, seconds: Int64)
    {
        #expect(HTTPDate.parse("Sunday, \(text) GMT", now: now) == seconds)
    }

    @Test(arguments: [Int64.min, -1, .max])
    func `a clock that is far off does no harm`(now: Int64) {
        _ = HTTPDate.parse("Sunday, 06-Nov-94 08:49:37 GMT", now: now)
        #expect(HTTPDate.parse("Sun, 06 Nov 1994 08:49:37 GMT", now: now) == 784_111_777)
    }

    @Test(arguments: [
        "", "GMT", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:+7 GMT",
        "Sun, 0 Nov 1994 08:49:37 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Nov 19944 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov-4 08:49:37 GMT",
        "Sunday, 06-Nov--4 08:49:37 GMT", "Sun Nov 6 08:49:37 94", "Sun, 06 Nov ١٩٩٤ 08:49:37 GMT",
    ])
    func `anything else is no date`(text: String) {
        #expect(HTTPDate.parse(text, now: Self.now) == nil)
    }
}
