import Integrations
import Primitives
import Storage
import Vault

/// A browser that was sent to a provider and is to come back with a code.
///
/// Stored under the hash of its `state`, bound to the browser that began it, to its user and its
/// integration; used once.
package struct PendingAuthorization {
    let user: Caller
    let integrationID: String
    /// `nil` where the flow began without a challenge, even if the integration has one by now.
    let codeVerifier: String?
    let redirectURI: String
    let returnTo: String?
    let isPopup: Bool
    /// The data that the user gave for the connection to keep.
    let data: ConnectionData
    /// The moment from which its state is no longer accepted.
    let expiresAt: Timestamp

    /// The most flows that a user may have under way.
    private static let mostOfUser: Int64 = 32

    /// The seconds that an expired flow is kept: a browser that comes back late is sent to the
    /// application from which it came, which is told that it was too late.
    package static let keptAfterExpiry: Int64 = 3600

    /// Stores a flow that begins. When a user begins very many, that user's oldest are forgotten.
    func insert(
        state: String, browserID: String, vault: Vault, _ transaction: Transaction
    ) throws {
        try makeRoom(transaction)
        let stateHash = hash(state)
        try transaction.execute(
            """
            INSERT INTO pendingAuthorization
                (stateHash, browserHash, sessionHash, userId, isSuperuser, integrationId,
                 codeVerifier, redirectUri, returnTo, isPopup, data, expiresAt)
            VALUES
                (:stateHash, :browserHash, :sessionHash, :userID, :isSuperuser, :integrationID,
                 :codeVerifier, :redirectURI, :returnTo, :isPopup, :data, :expiresAt)
            """,
            [
                "stateHash": .blob(stateHash), "browserHash": .blob(hash(browserID)),
                "sessionHash": .blob(orNull: user.sessionHash), "userID": .text(user.userID),
                "isSuperuser": .bool(user.isSuperuser), "integrationID": .text(integrationID),
                "codeVerifier": .blob(
                    try vault.seal(
                        (codeVerifier ?? "").utf8, at: Self.place(stateHash, owner: user.userID))),
                "redirectURI": .text(redirectURI), "returnTo": .text(orNull: returnTo),
                "isPopup": .bool(isPopup), "data": .text(data.text),
                "expiresAt": .integer(expiresAt.seconds),
            ])
    }

    private func makeRoom(_ transaction: Transaction) throws {
        try transaction.execute(
            """
            DELETE FROM pendingAuthorization WHERE stateHash IN
                (SELECT stateHash FROM pendingAuthorization WHERE userId = :userID
                 ORDER BY expiresAt DESC, stateHash LIMIT -1 OFFSET \(Self.mostOfUser - 1))
            """, ["userID": .text(user.userID)])
    }

    /// Takes the flow of a state out, in one statement: of many callbacks one gets it. This removes
    /// an expired flow, too, so that a clock that is set back cannot revive it.
    ///
    /// - Parameters:
    ///   - browserID: The browser that came back. Another browser leaves the flow untouched.
    ///   - userID: The user who is signed in now, if any; another user leaves the flow untouched.
    static func take(
        state: String, browserID: String, userID: String?, vault: Vault,
        _ transaction: Transaction
    ) throws -> PendingAuthorization? {
        let stateHash = hash(state)
        return try transaction.first(
            """
            DELETE FROM pendingAuthorization
            WHERE stateHash = :stateHash AND browserHash = :browserHash
                AND (:userID IS NULL OR userId = :userID)
            RETURNING userId, isSuperuser, sessionHash, integrationId, codeVerifier, redirectUri,
                returnTo, isPopup, expiresAt, data
            """,
            [
                "stateHash": .blob(stateHash), "browserHash": .blob(hash(browserID)),
                "userID": .text(orNull: userID),
            ]
        ) { row in
            let verifier = String(
                decoding: try vault.open(row.blob(4), at: place(stateHash, owner: row.text(0))),
                as: UTF8.self)
            return PendingAuthorization(
                user: Caller(
                    userID: row.text(0), isSuperuser: row.bool(1), sessionHash: row.blobOrNil(2)),
                integrationID: row.text(3),
                codeVerifier: verifier.isEmpty ? nil : verifier,
                redirectURI: row.text(5), returnTo: row.textOrNil(6), isPopup: row.bool(7),
                data: ConnectionData(text: row.text(9)),
                expiresAt: Timestamp(seconds: row.integer(8)))
        }
    }

    /// Returns the only flow that a browser has under way, to find where a refusal without a state
    /// belongs; `nil` where there are more, or none. The flow stays: its state may still come.
    static func only(
        ofBrowser browserID: String, userID: String?, now: Timestamp, _ reader: Reader
    ) throws -> PendingAuthorization? {
        let flows = try reader.all(
            """
            SELECT userId, isSuperuser, sessionHash, integrationId, redirectUri, returnTo, isPopup,
                data, expiresAt
            FROM pendingAuthorization
            WHERE browserHash = :browserHash AND expiresAt > :now
                AND (:userID IS NULL OR userId = :userID)
            LIMIT 2
            """,
            [
                "browserHash": .blob(hash(browserID)), "now": .integer(now.seconds),
                "userID": .text(orNull: userID),
            ]
        ) { row in
            PendingAuthorization(
                user: Caller(
                    userID: row.text(0), isSuperuser: row.bool(1), sessionHash: row.blobOrNil(2)),
                integrationID: row.text(3), codeVerifier: nil, redirectURI: row.text(4),
                returnTo: row.textOrNil(5), isPopup: row.bool(6),
                data: ConnectionData(text: row.text(7)),
                expiresAt: Timestamp(seconds: row.integer(8)))
        }
        return flows.count == 1 ? flows.first : nil
    }

    static func place(_ stateHash: [UInt8], owner: String) -> SealedPlace {
        SealedPlace(
            table: "pendingAuthorization",
            row: stateHash.map { String($0, radix: 16) }.joined(separator: "."),
            column: "codeVerifier", owner: owner)
    }
}
