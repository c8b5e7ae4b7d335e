import OAuth
import Primitives
import Storage

/// A key for programs, as the database knows it. A class: it is remembered, and handed out with
/// every request.
package final class APIKey: Sendable {
    package let id: String
    package let name: String
    package let userID: String
    package let isSuperuser: Bool
    package let expiresAt: Timestamp?
    package let createdAt: Timestamp
    let keyHash: [UInt8]

    init(
        id: String, name: String, userID: String, isSuperuser: Bool, expiresAt: Timestamp?,
        createdAt: Timestamp, keyHash: [UInt8]
    ) {
        self.id = id
        self.name = name
        self.userID = userID
        self.isSuperuser = isSuperuser
        self.expiresAt = expiresAt
        self.createdAt = createdAt
        self.keyHash = keyHash
    }

    /// The caller that has it.
    package var caller: Caller {
        Caller(userID: userID, isSuperuser: isSuperuser, keyHash: keyHash)
    }

    /// Another user, for whom a superuser's key acts, with that user's own rights.
    package func caller(onBehalfOf userID: String) -> Caller {
        Caller(userID: userID, isSuperuser: false, keyHash: keyHash)
    }
}

/// The API keys: `gk_` and 256 random bits, stored as hashes.
package final class APIKeyStore: Sendable {
    /// The text with which every key begins.
    package static let prefix = "gk_"
    private let database: Database
    private let clock: Clock

    init(database: Database, clock: Clock) {
        self.database = database
        self.clock = clock
    }

    /// Makes a key.
    ///
    /// - Parameter expiresIn: The key's lifetime; `nil` for a key without end.
    /// - Returns: The key itself, which cannot be read again, and what is stored about it.
    package func create(
        userID: String, isSuperuser: Bool, name: String, expiresIn: Duration? = nil
    ) throws -> (key: String, stored: APIKey) {
        try UserID.check(userID)
        let key = Self.prefix + RandomToken.make()
        let now = clock.now
        let stored = APIKey(
            id: Identifier.make("key"), name: name, userID: userID, isSuperuser: isSuperuser,
            expiresAt: expiresIn.map { now + $0 }, createdAt: now, keyHash: hash(key))
        try database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO apiKey (keyHash, id, name, userId, isSuperuser, expiresAt, createdAt)
                VALUES (:keyHash, :id, :name, :userID, :isSuperuser, :expiresAt, :now)
                """,
                [
                    "keyHash": .blob(stored.keyHash), "id": .text(stored.id), "name": .text(name),
                    "userID": .text(userID), "isSuperuser": .bool(isSuperuser),
                    "expiresAt": .integer(orNull: stored.expiresAt?.seconds),
                    "now": .integer(now.seconds),
                ])
        }
        return (key, stored)
    }

    /// Returns the key, unless it is unknown, expired or revoked.
    ///
    /// - Parameter moment: The beginning of the request that shows it.
    package func find(
        _ key: String, asOf moment: ContinuousClock.Instant = .now
    ) throws -> APIKey? {
        let keyHash = hash(key)
        let stored = try database.remembered(ReadKey("apiKey", keyHash), asOf: moment) { reader in
            try reader.first(
                "SELECT \(Self.columns) FROM apiKey WHERE keyHash = :hash",
                ["hash": .blob(keyHash)], Self.decode)
        }
        guard let stored, stored.expiresAt.map({ $0 > clock.now }) ?? true else { return nil }
        return stored
    }

    package func list() throws -> [APIKey] {
        try database.read { reader in
            try reader.all(
                "SELECT \(Self.columns) FROM apiKey ORDER BY createdAt, id", [:], Self.decode)
        }
    }

    /// Ends a key, by its id.
    ///
    /// - Returns: Whether there was one.
    package func revoke(id: String) throws -> Bool {
        try database.write { transaction in
            try transaction.execute("DELETE FROM apiKey WHERE id = :id", ["id": .text(id)]) > 0
        }
    }

    /// Ends all keys of a user.
    ///
    /// - Returns: How many there were.
    package func revokeAll(ofUser userID: String) throws -> Int {
        try database.write { transaction in
            try transaction.execute(
                "DELETE FROM apiKey WHERE userId = :userID", ["userID": .text(userID)])
        }
    }

    private static let columns = "id, name, userId, isSuperuser, expiresAt, createdAt, keyHash"

    private static func decode(_ row: Row) -> APIKey {
        APIKey(
            id: row.text(0), name: row.text(1), userID: row.text(2), isSuperuser: row.bool(3),
            expiresAt: row.integerOrNil(4).map(Timestamp.init(seconds:)),
            createdAt: Timestamp(seconds: row.integer(5)), keyHash: row.blob(6))
    }
}
