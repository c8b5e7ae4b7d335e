import Integrations
import Primitives
import Storage

/// The check of whether a caller may make, or replace, an integration's connection.
package struct ConnectPermission: Sendable {
    let database: Database
    let clock: Clock

    /// Refuses a caller who may not, or has been signed out.
    ///
    /// - Throws: ``ConnectionsError``.
    package func check(_ integration: Integration, _ caller: Caller) throws {
        try database.read { try check(integration, caller, $0) }
    }

    /// Checks the same in the transaction that stores something for the caller.
    func check(_ integration: Integration, _ caller: Caller, _ reader: Reader) throws {
        try caller.checkStands(at: clock.now, reader)
        guard integration.isShared, !caller.isSuperuser else { return }
        let existing = try Connection.find(integration, holder: "", reader)
        if let existing, !caller.isUser(existing.ownerID) { throw ConnectionsError.notOwner }
        guard integration.mayManageShared(caller) else {
            throw ConnectionsError.mayNotShare(isConnected: existing != nil)
        }
    }
}
