import Encoding

/// A command's output: results on standard output, for programs too; remarks on standard error.
enum Output {
    static func result(_ text: String) {
        print(text)
    }

    static func remark(_ text: String) {
        StandardErrorLine.write(text + "\n")
    }

    /// Returns JSON for programs, on one line.
    static func text(_ json: JSONValue) -> String {
        String(decoding: json.encoded(), as: UTF8.self)
    }

    static func table(_ rows: [[String]]) {
        for line in TextTable(rows).lines { result(line) }
    }
}
