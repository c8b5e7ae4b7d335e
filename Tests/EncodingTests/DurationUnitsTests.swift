import Encoding
import Testing

struct DurationUnitsTests {
    @Test(arguments: [
        (Duration.milliseconds(1500), 1, 1500), (.zero, 0, 0), (.microseconds(1999), 0, 1),
        (.milliseconds(-1500), -1, -1500), (.seconds(Int64.max), .max, .max),
        (.seconds(Int64.min), .min, .min),
    ])
    func `a duration is a number in its unit`(
        duration: Duration, wholeSeconds: Int64, milliseconds: Int
    ) {
        #expect(duration.inWholeSeconds == wholeSeconds)
        #expect(duration.inMilliseconds == milliseconds)
    }
}
