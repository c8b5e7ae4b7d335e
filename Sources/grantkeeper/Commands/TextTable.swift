/// Rows of text in columns as wide as their widest cell, two spaces between them.
package struct TextTable {
    private let rows: [[String]]

    package init(_ rows: [[String]]) {
        self.rows = rows
    }

    package var lines: [String] {
        let widths = widths
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    private var widths: [Int] {
        rows.reduce(into: []) { widths, row in
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
    }
}
