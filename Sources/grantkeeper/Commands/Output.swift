/// What a command tells: results on standard output, for programs too; remarks on standard error.
enum Output {
    static func result(_ text: String) {
        print(text)
    }

    static func remark(_ text: String) {
        StandardErrorLine.write(text + "\n")
    }

    /// Columns as wide as their widest cell, two spaces between them.
    static func table(_ rows: [[String]]) {
        let widths = rows.reduce(into: [Int]()) { widths, row in
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        for row in rows {
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            result(line)
        }
    }
}
