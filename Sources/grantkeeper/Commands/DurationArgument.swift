import ArgumentParser
import Configuration

/// A duration on the command line: `90s`, `10m`, `8h`, `7d`; a hundred years at most.
package struct DurationArgument: ExpressibleByArgument {
    package let duration: Duration

    private static let longest = Duration.seconds(36_500 * 86_400)

    package init?(argument: String) {
        guard let duration = DurationText.duration(argument), duration > .zero,
            duration <= Self.longest
        else { return nil }
        self.duration = duration
    }
}
