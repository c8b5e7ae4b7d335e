import Logging

/// One message, ready to be written down.
package struct LogRecord {
    /// RFC 3339, UTC, with milliseconds.
    let time: String
    let level: Logger.Level
    let message: String
    /// Sorted by key.
    let metadata: [(key: String, value: String)]

    package init(
        time: String, level: Logger.Level, message: String,
        metadata: [(key: String, value: String)]
    ) {
        self.time = time
        self.level = level
        self.message = message
        self.metadata = metadata
    }
}
