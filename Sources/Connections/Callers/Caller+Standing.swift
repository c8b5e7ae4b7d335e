import Primitives
import Storage

extension Caller {
    /// Refuses a caller whose session or API key was ended since the request was authenticated.
    ///
    /// Called in each transaction that stores something for a caller. Signing out, or revoking a
    /// key, then happens either before it, and nothing is stored, or after it, and finds what was
    /// stored. Nothing can have ended here for users for whom nginx vouches.
    ///
    /// - Throws: ``ConnectionsError/signedOut``.
    func checkStands(at now: Timestamp, _ reader: Reader) throws {
        if let sessionHash {
            try Self.require("session", where: "idHash", is: sessionHash, now, reader)
        }
        if let keyHash { try Self.require("apiKey", where: "keyHash", is: keyHash, now, reader) }
    }

    private static func require(
        _ table: String, where column: String, is hash: [UInt8], _ now: Timestamp, _ reader: Reader
    ) throws {
        let count = try reader.number(
            """
            SELECT count(*) FROM \(table)
            WHERE \(column) = :hash AND (expiresAt IS NULL OR expiresAt > :now)
            """, ["hash": .blob(hash), "now": .integer(now.seconds)])
        guard count > 0 else { throw ConnectionsError.signedOut }
    }
}
