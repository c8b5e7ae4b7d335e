import Primitives
import Storage
import Vault

/// The credentials of connections, which are stored sealed: opened for use, and sealed for storing.
package final class ConnectionCredentials: Sendable {
    private let vault: Vault
    private let timing: RefreshTiming
    private let clock: Clock

    init(vault: Vault, timing: RefreshTiming, clock: Clock) {
        self.vault = vault
        self.timing = timing
        self.clock = clock
    }

    /// Opens the credential that a connection holds.
    ///
    /// - Throws: ``VaultError``.
    func open(_ connection: Connection) throws -> Credential {
        let place = Connection.credentialPlace(id: connection.id, ownerID: connection.ownerID)
        guard
            let credential = Credential(
                bytes: try vault.open(connection.sealedCredential, at: place))
        else { throw VaultError.sealBroken("\(place): not a credential") }
        return credential
    }

    /// Returns a connection's grant, to be given up: `nil` when it was erased, because it must not
    /// reach the integration's new endpoints, or cannot be opened, and must not be in the way.
    func revocableGrant(of connection: Connection) -> Grant? {
        (try? open(connection)).map { Grant($0, of: connection) }
    }

    /// Returns the values of a connection's row that follow from its tokens, and `now`.
    ///
    /// - Throws: ``VaultError``.
    func columns(_ grant: Grant, id: String, ownerID: String) throws -> Parameters {
        let place = Connection.credentialPlace(id: id, ownerID: ownerID)
        return [
            "id": .text(id),
            "credential": .blob(try vault.seal(grant.credential.bytes, at: place)),
            "scope": .text(orNull: grant.scope),
            "tokenExpiresAt": .integer(orNull: grant.tokenExpiresAt?.seconds),
            "refreshTokenExpiresAt": .integer(orNull: grant.refreshTokenExpiresAt?.seconds),
            "keepAliveAt": .integer(
                orNull: timing.keepAliveAt(grant, of: id, now: clock.now)?.seconds),
            "now": .integer(clock.now.seconds),
        ]
    }
}
