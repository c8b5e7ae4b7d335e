import Primitives
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"), (1_707_575_400, "2024-02-10T14:30:00Z"),
        (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
        (1_791_205_749, "2026-10-05T13:09:09Z"),
    ])
    func `a moment is written as RFC 3339 has it`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).rfc3339 == text)
    }

    @Test(arguments: [
        (Int64.max, "9999-12-31T23:59:59Z"), (253_402_300_800, "9999-12-31T23:59:59Z"),
        (-62_167_219_200, "0000-01-01T00:00:00Z"), (-62_167_219_201, "0000-01-01T00:00:00Z"),
        (.min, "0000-01-01T00:00:00Z"),
    ])
    func `a moment that has no such form is the last one that has`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).rfc3339 == text)
    }

    @Test func `sums and differences end where time does`() {
        let (first, last) = (Timestamp(seconds: .min), Timestamp(seconds: .max))
        #expect(Timestamp(seconds: 1) + .max == last)
        #expect(Timestamp(seconds: -2) + .min == first)
        #expect(last - first == .max)
        #expect(first - last == .min)
        #expect(Timestamp(seconds: 7) - Timestamp(seconds: 9) == -2)
    }
}
