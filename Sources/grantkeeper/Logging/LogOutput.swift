import Configuration
import Logging

/// The destination of log lines: standard error, which systemd and containers collect.
enum LogOutput {
    /// Returns a logger as the configuration says.
    ///
    /// - Parameter floor: The lowest level that is written, whatever the configuration says: a
    ///   command's user does not want to read the service's messages to its operator.
    static func logger(_ log: Configuration.Log, atLeast floor: Logger.Level = .trace) -> Logger {
        let level = max(Logger.Level(rawValue: log.level) ?? .info, floor)
        return Logger(label: "grantkeeper") { _ in
            LineLogHandler(
                format: log.isJSON ? JSONLogLine.line : TextLogLine.line, level: level,
                output: StandardErrorLine.write)
        }
    }
}
