import Configuration
import Logging

/// The destination of log lines: standard error, which systemd and containers collect.
enum LogOutput {
    /// Returns a logger as the configuration says.
    ///
    /// - Parameter floor: Nothing less important is written, whatever the configuration says: a
    ///   command's user does not want to read what the service tells its operator.
    static func logger(_ log: Configuration.Log, atLeast floor: Logger.Level = .trace) -> Logger {
        let level = max(Logger.Level(rawValue: log.level) ?? .info, floor)
        return Logger(label: "grantkeeper") { _ in
            LineLogHandler(
                format: log.isJSON ? JSONLogLine.line : TextLogLine.line, level: level,
                output: StandardErrorLine.write)
        }
    }
}
