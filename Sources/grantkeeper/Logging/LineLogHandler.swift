import Logging

/// Writes each message as one line.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level
    private let format: @Sendable (LogRecord) -> String
    private let output: @Sendable (String) -> Void

    /// - Parameters:
    ///   - format: Makes the line, without its end.
    ///   - output: Takes the line with its end, as a whole.
    init(
        format: @escaping @Sendable (LogRecord) -> String, level: Logger.Level,
        output: @escaping @Sendable (String) -> Void
    ) {
        self.format = format
        self.output = output
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadataProvider?.get() ?? [:]
        all.merge(metadata) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { all["error"] = "\(error)" }
        let record = LogRecord(
            time: LogTime.now, level: event.level, message: event.message.description,
            metadata: all.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) })
        output(format(record) + "\n")
    }
}
