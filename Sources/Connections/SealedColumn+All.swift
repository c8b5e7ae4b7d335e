import Integrations
import Vault

extension SealedColumn {
    /// All columns that hold sealed values; a proof in `sealingKey` stays with its own key.
    package static let all = [
        SealedColumn(
            table: "integration", column: "clientSecret",
            // It makes the integrations that processes remember stale.
            alsoSet: ", revision = revision + 1",
            place: { Integration.clientSecretPlace(id: $0.text(0)) }),
        SealedColumn(
            table: "connection", column: "credential", owner: "ownerId",
            place: { Connection.credentialPlace(id: $0.text(0), ownerID: $0.text(1)) }),
        SealedColumn(
            table: "pendingAuthorization", column: "codeVerifier", key: "stateHash",
            owner: "userId",
            place: { PendingAuthorization.place($0.blob(0), owner: $0.text(1)) }),
        SealedColumn(
            table: "revocation", column: "clientSecret",
            place: { RevocationQueue.place($0.text(0), column: "clientSecret") }),
        SealedColumn(
            table: "revocation", column: "credential",
            place: { RevocationQueue.place($0.text(0), column: "credential") }),
    ]
}
