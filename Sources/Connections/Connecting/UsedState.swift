import Primitives
import Storage

/// A state that its browser has brought back, and the end of its flow.
///
/// Callbacks come twice: after a double click, a reload, the back button. The first one uses the
/// state up; one that comes again ends where the first did, for the same browser and user.
package struct UsedState {
    /// The end of a flow.
    package enum End {
        case connected(id: String)
        case failed(ConnectFailure)
    }

    let user: Caller
    let integrationID: String
    let returnTo: String?
    let isPopup: Bool
    /// Whether the provider's answer was a code, and not an error.
    let hadCode: Bool
    let usedAt: Timestamp
    /// `nil` as long as it is under way.
    let end: End?

    /// The seconds that it is remembered: once more as long as a state is accepted.
    private static let memory: Int64 = 600
    /// The most used states that are remembered for a user.
    private static let mostOfUser = 32

    /// Remembers a flow in the transaction that uses its state up.
    func insert(state: String, browserID: String, _ transaction: Transaction) throws {
        try transaction.execute(
            """
            DELETE FROM usedState WHERE stateHash IN
                (SELECT stateHash FROM usedState WHERE userId = :userID
                 ORDER BY expiresAt DESC, stateHash LIMIT -1 OFFSET \(Self.mostOfUser - 1))
            """, ["userID": .text(user.userID)])
        try transaction.execute(
            """
            INSERT INTO usedState
                (stateHash, browserHash, sessionHash, userId, isSuperuser, integrationId, returnTo,
                 isPopup, hadCode, usedAt, connectionId, failure, expiresAt)
            VALUES
                (:stateHash, :browserHash, :sessionHash, :userID, :isSuperuser, :integrationID,
                 :returnTo, :isPopup, :hadCode, :usedAt, :connectionID, :failure, :expiresAt)
            """,
            [
                "stateHash": .blob(hash(state)), "browserHash": .blob(hash(browserID)),
                "sessionHash": .blob(orNull: user.sessionHash), "userID": .text(user.userID),
                "isSuperuser": .bool(user.isSuperuser), "integrationID": .text(integrationID),
                "returnTo": .text(orNull: returnTo), "isPopup": .bool(isPopup),
                "hadCode": .bool(hadCode), "usedAt": .integer(usedAt.seconds),
                "connectionID": .text(orNull: end?.connectionID),
                "failure": .text(orNull: end?.failure?.rawValue),
                "expiresAt": .integer((usedAt + Self.memory).seconds),
            ])
    }

    /// Writes down how the flow of a state ended.
    static func settle(state: String, _ end: End, _ transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE usedState SET connectionId = :connectionID, failure = :failure
            WHERE stateHash = :stateHash
            """,
            [
                "stateHash": .blob(hash(state)), "connectionID": .text(orNull: end.connectionID),
                "failure": .text(orNull: end.failure?.rawValue),
            ])
    }

    /// The flow of a state, for its own browser and user.
    static func find(
        state: String, browserID: String, userID: String?, now: Timestamp, _ reader: Reader
    ) throws -> UsedState? {
        try reader.first(
            """
            SELECT userId, isSuperuser, sessionHash, integrationId, returnTo, isPopup, hadCode,
                usedAt, connectionId, failure
            FROM usedState
            WHERE stateHash = :stateHash AND browserHash = :browserHash
                AND (:userID IS NULL OR userId = :userID) AND expiresAt > :now
            """,
            [
                "stateHash": .blob(hash(state)), "browserHash": .blob(hash(browserID)),
                "userID": .text(orNull: userID), "now": .integer(now.seconds),
            ]
        ) { row in
            UsedState(
                user: Caller(
                    userID: row.text(0), isSuperuser: row.bool(1), sessionHash: row.blobOrNil(2)),
                integrationID: row.text(3), returnTo: row.textOrNil(4), isPopup: row.bool(5),
                hadCode: row.bool(6), usedAt: Timestamp(seconds: row.integer(7)),
                end: End(connectionID: row.textOrNil(8), failure: row.textOrNil(9)))
        }
    }
}

extension UsedState.End {
    fileprivate init?(connectionID: String?, failure: String?) {
        if let connectionID {
            self = .connected(id: connectionID)
        } else if let failure {
            // A newer version may have more of them.
            self = .failed(ConnectFailure(rawValue: failure) ?? .unknownState)
        } else {
            return nil
        }
    }

    fileprivate var connectionID: String? {
        if case .connected(let id) = self { id } else { nil }
    }

    fileprivate var failure: ConnectFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
