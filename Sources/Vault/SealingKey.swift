import Storage

/// Proves at the start that the key ring is the one that the database was sealed with.
package enum SealingKey {
    private static let text = [UInt8]("grantkeeper".utf8)

    /// Opens the proof of every key in use, and adds one of the current key.
    ///
    /// - Throws: ``VaultError/sealBroken(_:)`` when a key is missing, or differs.
    package static func verify(_ keyRing: KeyRing, in database: Database) throws {
        let vault = Vault(keyRing: keyRing)
        let proofs = try database.read { reader in
            try reader.all("SELECT id, proof FROM sealingKey") { ($0.text(0), $0.blob(1)) }
        }
        for (id, proof) in proofs {
            _ = try vault.open(proof, at: place(id))
        }
        let current = keyRing.current.id
        if proofs.contains(where: { $0.0 == current }) { return }
        let proof = try vault.seal(text, at: place(current))
        try database.write { transaction in
            try transaction.execute(
                "INSERT INTO sealingKey (id, proof) VALUES (:id, :proof) ON CONFLICT DO NOTHING",
                ["id": .text(current), "proof": .blob(proof)])
        }
    }

    /// The keys that values may be sealed with.
    package static func ids(_ reader: Reader) throws -> [String] {
        try reader.all("SELECT id FROM sealingKey ORDER BY id") { $0.text(0) }
    }

    /// Makes the database refuse values that are sealed with that key.
    static func delete(_ id: String, _ transaction: Transaction) throws {
        try transaction.execute("DELETE FROM sealingKey WHERE id = :id", ["id": .text(id)])
    }

    private static func place(_ id: String) -> SealedPlace {
        SealedPlace(table: "sealingKey", row: id, column: "proof")
    }
}
