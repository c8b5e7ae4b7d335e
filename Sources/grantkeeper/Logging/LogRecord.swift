import Logging

/// One message, ready to be written down.
struct LogRecord {
    /// RFC 3339, UTC, with milliseconds.
    let time: String
    let level: Logger.Level
    let message: String
    /// Sorted by key.
    let metadata: [(key: String, value: String)]
}
