import Encoding

/// The line for programs: a JSON object, the metadata's keys inside one of its own.
package enum JSONLogLine {
    package static func line(_ record: LogRecord) -> String {
        var members: [(String, JSONValue)] = [
            ("time", .string(record.time)), ("level", .string(record.level.rawValue)),
            ("message", .string(record.message)),
        ]
        if !record.metadata.isEmpty {
            members.append(
                ("metadata", .object(record.metadata.map { ($0.key, .string($0.value)) })))
        }
        return String(decoding: JSONValue.object(members).encoded(), as: UTF8.self)
    }
}
