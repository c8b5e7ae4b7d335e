import Encoding

/// The line for people: time, level, message, `key=value` after `key=value`.
package enum TextLogLine {
    package static func line(_ record: LogRecord) -> String {
        var line = "\(record.time) \(record.level.rawValue) \(escaped(record.message))"
        for (key, value) in record.metadata {
            line += " \(escaped(key))=\(isPlain(value) ? value : "\"\(escaped(value))\"")"
        }
        return line
    }

    /// Whether a value can stand without quotes and still be told from the text after it.
    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty
            && value.utf8.allSatisfy { byte in
                byte.isASCIIVisible && !"\"\\=".utf8.contains(byte)
            }
    }

    /// Escapes characters that could begin a line of their own, or move a terminal's cursor.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            default:
                let isControl =
                    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    || (0x2028...0x2029).contains(scalar.value)
                if isControl {
                    escaped += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    escaped.unicodeScalars.append(scalar)
                }
            }
        }
    }
}
