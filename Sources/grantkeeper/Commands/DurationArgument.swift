import ArgumentParser
import Configuration

/// A duration on the command line: `90s`, `10m`, `8h`, `7d`.
package struct DurationArgument: ExpressibleByArgument {
    package let seconds: Int64

    package init?(argument: String) {
        guard let duration = DurationText.duration(argument), duration > .zero else { return nil }
        seconds = duration.components.seconds
    }
}
