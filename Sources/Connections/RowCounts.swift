import Storage

/// The numbers of rows by their kinds. The database keeps them up to date with each change:
/// counting a million rows whenever a monitoring program asks takes a tenth of a second (measured).
package struct RowCounts: Sendable {
    /// A kind of row; each row of a connection, or of a waiting grant, has exactly one.
    package enum Kind: String, Sendable, CaseIterable {
        case activeConnection
        /// Its last refresh failed; it need not be authorized again for that.
        case connectionInTrouble
        /// The provider has refused to refresh it for a day, always in the same way.
        case refreshFailingConnection
        case reauthorizationRequiredConnection
        /// Waits for its provider.
        case waitingRevocation
        /// Waits for the end of its owner's present connection.
        case heldBackRevocation
    }

    private let counts: [String: Int]

    package init(_ reader: Reader) throws {
        let rows = try reader.all("SELECT kind, count FROM rowCount") { row in
            (row.text(0), Int(row.integer(1)))
        }
        counts = Dictionary(rows) { $1 }
    }

    package subscript(kind: Kind) -> Int { counts[kind.rawValue] ?? 0 }
}
