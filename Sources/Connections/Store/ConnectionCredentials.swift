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

    /// Returns a connection's credential, to be revoked: `nil` when it was erased, because it must
    /// not reach the integration's new endpoints, or cannot be opened, and must not be in the way.
    func revocable(_ connection: Connection) -> IssuedCredential? {
        (try? open(connection)).map { IssuedCredential($0, of: connection) }
    }

    /// Returns the values of a connection's row that follow from its tokens, and `now`.
    ///
    /// - Throws: ``VaultError``.
    func columns(_ issued: IssuedCredential, id: String, ownerID: String) throws -> Parameters {
        let place = Connection.credentialPlace(id: id, ownerID: ownerID)
        return [
            "id": .text(id),
            "credential": .blob(try vault.seal(issued.credential.bytes, at: place)),
            "scope": .text(orNull: issued.scope),
            "tokenExpiresAt": .integer(orNull: issued.tokenExpiresAt?.seconds),
            "refreshTokenExpiresAt": .integer(orNull: issued.refreshTokenExpiresAt?.seconds),
            "keepAliveAt": .integer(
                orNull: timing.keepAliveAt(issued, of: id, now: clock.now)?.seconds),
            "now": .integer(clock.now.seconds),
        ]
    }
}
