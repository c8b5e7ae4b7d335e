import Testing
import grantkeeper

@Suite struct DurationArgumentTests {
    @Test(arguments: [("90s", 90), ("10m", 600), ("8h", 28_800), ("7d", 604_800)])
    func `a number with its unit is a duration`(text: String, seconds: Int64) {
        #expect(DurationArgument(argument: text)?.duration == .seconds(seconds))
    }

    @Test(arguments: [
        "", "5", "0s", "-1h", "1.5h", "1w", "h", "36501d", "9223372036854775807s",
        "106751991167300d",
        "9223372036854775807d",
    ])
    func `anything else is none`(text: String) {
        #expect(DurationArgument(argument: text)?.duration == nil)
    }
}
