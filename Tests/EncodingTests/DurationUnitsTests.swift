import Encoding
import Testing

struct DurationUnitsTests {
    @Test(arguments: [
        (Duration.milliseconds(1500), 1.5, 1, 1500), (.zero, 0, 0, 0),
        (.microseconds(1999), 0.001999, 0, 1), (.milliseconds(-1500), -1.5, -1, -1500),
        (.seconds(Int64.max), 9.223372036854775807e18, .max, .max),
        (.seconds(Int64.min), -9.223372036854775808e18, .min, .min),
    ])
    func `a duration is a number in its unit`(
        duration: Duration, seconds: Double, wholeSeconds: Int64, milliseconds: Int
    ) {
        #expect(abs(duration.inSeconds - seconds) <= abs(seconds) * 1e-15)
        #expect(duration.inWholeSeconds == wholeSeconds)
        #expect(duration.inMilliseconds == milliseconds)
    }
}
