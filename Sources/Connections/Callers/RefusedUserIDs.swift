import Primitives
import Storage

/// The stored user ids that are refused by now: no one signs in by them any more, and the operator
/// removes what they have.
package struct RefusedUserIDs: Sendable {
    private let database: Database

    init(database: Database) {
        self.database = database
    }

    /// Returns all of them, in the order of their bytes.
    package func all() throws -> [String] {
        try database.read { reader in
            try reader.all(
                """
                SELECT ownerId FROM connection UNION SELECT userId FROM session
                UNION SELECT userId FROM apiKey ORDER BY 1
                """, [:]
            ) { $0.text(0) }
        }.filter { !UserID.isValid($0) }
    }
}
