import Locking
import Primitives

/// A provider's client and API that users can connect to. A class, because a definition is large
/// and is passed on with every request.
package final class Integration: Sendable {
    package let id: String
    package let definition: IntegrationDefinition
    /// A number that grows with every change: anything cached for an older one is stale.
    package let revision: Int64
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// The client secret as it is stored.
    package let sealedClientSecret: [UInt8]?
    /// The fields of calls that callers cannot set.
    package let reservedFields: ReservedFields
    /// The API's address where it is the same for all connections.
    private let commonAddress: APIAddress?
    /// The addresses by the text of a connection's data.
    private let addresses = BargingLock<[String: APIAddress]>([:])
    /// The number of addresses that are cached; when it is reached, all of them are dropped.
    private static let mostAddresses = 1_000

    package init(
        id: String, definition: IntegrationDefinition, revision: Int64, createdAt: Timestamp,
        updatedAt: Timestamp, sealedClientSecret: [UInt8]?
    ) throws {
        self.id = id
        self.definition = definition
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.sealedClientSecret = sealedClientSecret
        reservedFields = ReservedFields(definition)
        commonAddress =
            definition.placeholders.isEmpty ? try APIAddress(definition, ConnectionData.none) : nil
    }

    package var slug: String { definition.slug }
    package var isShared: Bool { definition.mode == .shared }

    /// Returns the holder of the connection that this user has with the integration: the user, or
    /// the empty text for the shared connection.
    package func holder(for userID: String) -> String {
        isShared ? "" : userID
    }

    /// Returns whether a caller may see and use the integration.
    package func isVisible(to caller: Caller) -> Bool {
        guard let allowed = definition.allowedUsers else { return true }
        return caller.isSuperuser || allowed.contains(where: caller.isUser)
            || definition.sharedManagers.contains(where: caller.isUser)
    }

    /// Returns whether a caller may make the integration's shared connection.
    package func mayManageShared(_ caller: Caller) -> Bool {
        caller.isSuperuser || definition.sharedManagers.contains(where: caller.isUser)
    }

    /// Returns the address of the API for a connection with this data, as stored.
    ///
    /// - Throws: ``InputError/conflict(code:detail:)`` when the connection keeps no fit value
    ///   for a placeholder.
    package func address(for data: String) throws -> APIAddress {
        if let commonAddress { return commonAddress }
        if let known = addresses.withLock({ $0[data] }) { return known }
        let address = try APIAddress(definition, ConnectionData(text: data))
        addresses.withLock { addresses in
            if addresses.count >= Self.mostAddresses { addresses.removeAll() }
            addresses[data] = address
        }
        return address
    }

    /// Returns the base URL of the API for a connection; placeholders without values stay in it.
    package func apiBaseUri(for data: String) -> String {
        guard commonAddress == nil, let address = try? address(for: data) else {
            return definition.apiBaseUri
        }
        return address.base.text
    }
}
