import Crypto
import Encoding
import Foundation
import OAuth
import Primitives
import Storage

/// A browser's sign-in, as the database knows it. A class: it is remembered, and handed out with
/// every request.
package final class Session: Sendable {
    package let caller: Caller
    /// The moment at which it ends, however much it is used.
    package let expiresAt: Timestamp
    package let createdAt: Timestamp
    let idHash: [UInt8]
    let lastUsedAt: Timestamp

    /// Makes it from the row with that hash.
    init(idHash: [UInt8], row: Row) {
        self.idHash = idHash
        caller = Caller(userID: row.text(0), isSuperuser: row.bool(1), sessionHash: idHash)
        expiresAt = Timestamp(seconds: row.integer(2))
        createdAt = Timestamp(seconds: row.integer(3))
        lastUsedAt = Timestamp(seconds: row.integer(4))
    }

    package var userID: String { caller.userID }
    package var isSuperuser: Bool { caller.isSuperuser }
}

/// The times that sessions live.
package struct SessionLifetimes: Sendable {
    /// The time that a session lives without being used.
    package var idle: Duration
    /// The longest time that a session lives, however much it is used.
    package var absolute: Duration
    /// The time that the one-time ticket lives that signs a browser in.
    package var ticket: Duration

    package init(
        idle: Duration = .seconds(8 * 3600), absolute: Duration = .seconds(7 * 86_400),
        ticket: Duration = .seconds(60)
    ) {
        self.idle = idle
        self.absolute = absolute
        self.ticket = ticket
    }
}

/// The sessions. Only hashes of their ids are stored.
package final class SessionStore: Sendable {
    private let database: Database
    private let clock: Clock
    package let lifetimes: SessionLifetimes
    /// The seconds by which `lastUsedAt` may be stale: a durable write is expensive.
    private static let useResolution: Int64 = 60
    /// The most sessions that a user may have, and the most tickets.
    private static let mostOfUser = 100

    init(database: Database, clock: Clock, lifetimes: SessionLifetimes) {
        self.database = database
        self.clock = clock
        self.lifetimes = lifetimes
    }

    /// Signs a user in. When the user has very many sessions, the least recently used ones are
    /// ended.
    ///
    /// - Parameters:
    ///   - expiresIn: One second to the configured lifetime; `nil` for that.
    ///   - caller: The caller that signs the user in.
    /// - Returns: The session's id, which cannot be read again, and when the session ends.
    /// - Throws: ``InputError/invalid(code:detail:)``, ``ConnectionsError/signedOut``.
    package func create(
        userID: String, isSuperuser: Bool, expiresIn: Duration? = nil, by caller: Caller = .system
    ) throws -> (id: String, expiresAt: Timestamp) {
        try UserID.check(userID)
        if let expiresIn, expiresIn < .seconds(1) || expiresIn > lifetimes.absolute {
            throw InputError.invalid(
                code: .invalidLifetime,
                detail: "A session lives 1 to \(lifetimes.absolute.inWholeSeconds) seconds.")
        }
        let id = RandomToken.make()
        let now = clock.now
        let expiresAt = now + (expiresIn ?? lifetimes.absolute)
        try database.write { transaction in
            try caller.checkStands(at: now, transaction)
            try endLeastUsed(ofUser: userID, transaction)
            try transaction.execute(
                """
                INSERT INTO session (idHash, userId, isSuperuser, lastUsedAt, expiresAt, createdAt)
                VALUES (:idHash, :userID, :isSuperuser, :now, :expiresAt, :now)
                """,
                [
                    "idHash": .blob(hash(id)), "userID": .text(userID),
                    "isSuperuser": .bool(isSuperuser), "now": .integer(now.seconds),
                    "expiresAt": .integer(expiresAt.seconds),
                ])
        }
        return (id, expiresAt)
    }

    /// Returns the living session of that id. An expired one is removed, so that a clock that is
    /// set back cannot revive it.
    ///
    /// - Parameter moment: The beginning of the request that shows it.
    package func find(
        _ id: String, asOf moment: ContinuousClock.Instant = .now
    ) throws -> Session? {
        let idHash = hash(id)
        let now = clock.now
        let session = try database.remembered(ReadKey("session", idHash), asOf: moment) { reader in
            try reader.first(
                """
                SELECT userId, isSuperuser, expiresAt, createdAt, lastUsedAt FROM session
                WHERE idHash = :idHash
                """, ["idHash": .blob(idHash)]
            ) { Session(idHash: idHash, row: $0) }
        }
        guard let session else { return nil }
        guard session.expiresAt > now,
            session.lastUsedAt + lifetimes.idle > now
        else {
            try? database.write { try end(idHash, $0) }
            return nil
        }
        if now - session.lastUsedAt >= Self.useResolution {
            // A disk that takes no writes must not sign users out.
            try? noteUse(session, now)
        }
        return session
    }

    /// Signs out, and ends the flows that the session began.
    package func end(_ caller: Caller) throws {
        guard let sessionHash = caller.sessionHash else { return }
        try database.write { try end(sessionHash, $0) }
    }

    /// Signs a user out everywhere, and ends the flows and the start URLs that are under way.
    ///
    /// - Returns: The number of sessions that there were.
    package func endAll(ofUser userID: String) throws -> Int {
        let user: Parameters = ["userID": .text(userID)]
        return try database.write { transaction in
            for table in ["sessionTicket", "pendingAuthorization", "usedState"] {
                try transaction.execute("DELETE FROM \(table) WHERE userId = :userID", user)
            }
            return try transaction.execute("DELETE FROM session WHERE userId = :userID", user)
        }
    }

    /// Draws a ticket that signs one browser in with the session, once and soon.
    package func ticket(
        forSession id: String, userID: String, returnTo: String?
    ) throws -> String {
        let ticket = RandomToken.make()
        let sealed = try AES.GCM.seal([UInt8](id.utf8), using: Self.key(of: ticket))
        guard let sealedSession = sealed.combined else { return "" }
        try database.write { transaction in
            // It may have been ended since: a ticket for it would be useless.
            let session = Caller(
                userID: userID, isSuperuser: false, sessionHash: hash(id), keyHash: nil)
            try session.checkStands(at: clock.now, transaction)
            try transaction.execute(
                """
                DELETE FROM sessionTicket WHERE ticketHash IN
                    (SELECT ticketHash FROM sessionTicket WHERE userId = :userID
                     ORDER BY expiresAt DESC, ticketHash LIMIT -1 OFFSET \(Self.mostOfUser - 1))
                """, ["userID": .text(userID)])
            try transaction.execute(
                """
                INSERT INTO sessionTicket (ticketHash, sealedSession, userId, returnTo, expiresAt)
                VALUES (:ticketHash, :sealedSession, :userID, :returnTo, :expiresAt)
                """,
                [
                    "ticketHash": .blob(hash(ticket)),
                    "sealedSession": .blob([UInt8](sealedSession)), "userID": .text(userID),
                    "returnTo": .text(orNull: returnTo),
                    "expiresAt": .integer((clock.now + lifetimes.ticket).seconds),
                ])
        }
        return ticket
    }

    /// Returns the user whom an unused ticket would sign in.
    package func userID(ofTicket ticket: String) throws -> String? {
        try database.read { reader in
            try reader.first(
                "SELECT userId FROM sessionTicket WHERE ticketHash = :hash AND expiresAt > :now",
                ["hash": .blob(hash(ticket)), "now": .integer(clock.now.seconds)]
            ) { $0.text(0) }
        }
    }

    /// Uses a ticket up.
    ///
    /// - Parameter replacing: The session that the browser had before, which dies with this.
    /// - Returns: The session's id for the cookie, how many seconds it still lives at most, and
    ///   where to go.
    package func redeem(
        ticket: String, replacing old: Session?
    ) throws -> (session: String, seconds: Int64, returnTo: String?)? {
        let redeemed = try database.write { transaction in
            let row = try transaction.first(
                """
                DELETE FROM sessionTicket WHERE ticketHash = :hash AND expiresAt > :now
                RETURNING sealedSession, returnTo
                """, ["hash": .blob(hash(ticket)), "now": .integer(clock.now.seconds)]
            ) { ($0.blob(0), $0.textOrNil(1)) }
            return row
        }
        guard let (sealed, returnTo) = redeemed else { return nil }
        let box = try AES.GCM.SealedBox(combined: sealed)
        let id = String(
            decoding: try AES.GCM.open(box, using: Self.key(of: ticket)), as: UTF8.self)
        if let old, old.idHash != hash(id) {
            try database.write { try end(old.idHash, $0) }
        }
        guard let session = try find(id) else { return nil }
        return (id, session.expiresAt - clock.now, returnTo)
    }

    private func endLeastUsed(ofUser userID: String, _ transaction: Transaction) throws {
        let spare = try transaction.all(
            """
            SELECT idHash FROM session WHERE userId = :userID
            ORDER BY lastUsedAt DESC, createdAt DESC, idHash
            LIMIT -1 OFFSET \(Self.mostOfUser - 1)
            """, ["userID": .text(userID)]
        ) { $0.blob(0) }
        for session in spare { try end(session, transaction) }
    }

    private func noteUse(_ session: Session, _ now: Timestamp) throws {
        _ = try database.write { transaction in
            try transaction.execute(
                "UPDATE session SET lastUsedAt = :now WHERE idHash = :idHash",
                ["now": .integer(now.seconds), "idHash": .blob(session.idHash)])
        }
    }

    private func end(_ sessionHash: [UInt8], _ transaction: Transaction) throws {
        let hash: Parameters = ["hash": .blob(sessionHash)]
        try transaction.execute("DELETE FROM session WHERE idHash = :hash", hash)
        for table in ["pendingAuthorization", "usedState"] {
            try transaction.execute("DELETE FROM \(table) WHERE sessionHash = :hash", hash)
        }
    }

    /// The ticket's own key: the database, which holds only the ticket's hash, cannot make it.
    private static func key(of ticket: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: [UInt8](ticket.utf8)),
            info: [UInt8]("grantkeeper session ticket".utf8), outputByteCount: 32)
    }
}
