import Encoding
import Integrations
import Primitives
import Storage
import Vault

/// An integration as a row of the database.
extension Integration {
    package static let columns = "id, definition, clientSecret, revision, createdAt, updatedAt"

    package convenience init(row: Row) throws {
        try self.init(
            id: row.text(0),
            definition: IntegrationDefinition.read(stored: JSONValue(parsing: row.text(1))),
            revision: row.integer(3), createdAt: Timestamp(seconds: row.integer(4)),
            updatedAt: Timestamp(seconds: row.integer(5)), sealedClientSecret: row.blobOrNil(2))
    }

    static func clientSecretPlace(id: String) -> SealedPlace {
        SealedPlace(table: "integration", row: id, column: "clientSecret")
    }
}

extension Integration {
    /// The address of the API for a connection.
    ///
    /// - Throws: ``InputError/conflict(code:detail:)`` when the connection keeps no fit value for a
    ///   placeholder.
    package func address(for connection: Connection) throws -> APIAddress {
        try address(for: connection.data)
    }

    /// The base URL of the API for a connection; placeholders without values stay in it.
    package func apiBaseUri(for connection: Connection) -> String {
        apiBaseUri(for: connection.data)
    }
}
