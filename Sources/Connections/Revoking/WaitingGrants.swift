import Storage
import Vault

/// The grants that one user has given up at one integration and that are still to be revoked: each
/// token once, and a limited number of grants.
package struct WaitingGrants {
    let integrationID: String
    let holder: String
    let vault: Vault

    /// The most grants. Each reconnection gives one up; no one needs a hundred without a
    /// disconnection, which releases them all.
    private static let most = 100

    /// Removes tokens that are queued again, or belong to a connection again: the end of the newer
    /// one revokes them, and before that they must not be revoked.
    func drop(tokensOf issued: IssuedCredential, _ transaction: Transaction) throws {
        guard case .oauth(let tokens) = issued.credential else { return }
        for (id, waiting) in try all(transaction) {
            let rest = waiting.without(tokens)
            if rest == waiting { continue }
            if let rest {
                try store(rest, id, transaction)
            } else {
                try transaction.execute(
                    "DELETE FROM revocation WHERE id = :id", ["id": .text(id)])
            }
        }
    }

    /// Gives up the oldest where one more would be too many: first of those that wait for a
    /// connection to end.
    ///
    /// - Returns: The number of grants that were given up.
    func makeRoom(_ transaction: Transaction) throws -> Int {
        var parameters = mine
        parameters["spare"] = .integer(Int64(Self.most - 1))
        return try transaction.execute(
            """
            DELETE FROM revocation WHERE id IN
                (SELECT id FROM revocation WHERE integrationId = :integrationID AND holder = :holder
                 ORDER BY afterConnection IS NOT NULL, createdAt DESC, id LIMIT -1 OFFSET :spare)
            """, parameters)
    }

    private var mine: Parameters {
        ["integrationID": .text(integrationID), "holder": .text(holder)]
    }

    /// The grants that can be opened: the others wait until the key ring is repaired.
    private func all(_ reader: Reader) throws -> [(id: String, tokens: OAuthTokens)] {
        try reader.all(
            """
            SELECT id, credential FROM revocation
            WHERE integrationId = :integrationID AND holder = :holder
            """, mine
        ) { row -> (id: String, tokens: OAuthTokens)? in
            let place = RevocationQueue.place(row.text(0), column: "credential")
            guard let bytes = try? vault.open(row.blob(1), at: place),
                case .oauth(let tokens)? = Credential(bytes: bytes)
            else { return nil }
            return (row.text(0), tokens)
        }.compactMap(\.self)
    }

    private func store(_ tokens: OAuthTokens, _ id: String, _ transaction: Transaction) throws {
        let place = RevocationQueue.place(id, column: "credential")
        try transaction.execute(
            "UPDATE revocation SET credential = :credential WHERE id = :id",
            [
                "id": .text(id),
                "credential": .blob(
                    try vault.seal(Credential.oauth(tokens).bytes, at: place)),
            ])
    }
}
