import Logging
import Synchronization

/// The log of the service under test.
package final class RecordedLog: Sendable {
    package struct Line: Sendable {
        package let level: Logger.Level
        package let message: String
        package let metadata: [String: String]
    }

    private let recorded = Mutex<[Line]>([])

    package init() {}

    package var lines: [Line] { recorded.withLock { $0 } }

    /// Returns the lines at this level or above it.
    package func lines(from level: Logger.Level) -> [Line] { lines.filter { $0.level >= level } }

    package var logger: Logger {
        Logger(label: "test") { _ in Handler(log: self) }
    }

    private func append(_ line: Line) {
        recorded.withLock { $0.append(line) }
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = metadata.merging(event.metadata ?? [:]) { _, new in new }
            log.append(
                Line(
                    level: event.level, message: "\(event.message)",
                    metadata: metadata.mapValues { "\($0)" }))
        }
    }
}
