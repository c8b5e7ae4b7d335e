import Connections
import Encoding
import Integrations

extension Connection {
    /// Returns the connection as the contract has it; unknown members are `null`.
    ///
    /// - Parameter integration: The connection's integration.
    func members(_ integration: Integration) -> [(String, JSONValue)] {
        [
            ("id", .string(id)),
            ("integrationId", .string(integrationID)),
            ("ownerId", .string(ownerID)),
            ("isShared", .bool(isShared)),
            ("tokenExpiresAt", .string(orNull: tokenExpiresAt?.rfc3339)),
            ("refreshTokenExpiresAt", .string(orNull: refreshTokenExpiresAt?.rfc3339)),
            ("lastAuthorizedAt", .string(lastAuthorizedAt.rfc3339)),
            ("apiBaseUri", .string(integration.apiBaseUri(for: self))),
            ("data", (try? JSONValue(parsing: data)) ?? [:]),
            ("createdAt", .string(createdAt.rfc3339)),
            ("updatedAt", .string(updatedAt.rfc3339)),
            ("status", .string(standing.rawValue)),
            ("statusReason", .string(orNull: statusReason?.rawValue)),
            ("statusSince", .string(standingSince.rfc3339)),
            ("scope", .string(orNull: scope)),
            ("missingScope", .array(missingScope(integration).map(JSONValue.string))),
            ("refreshTokenMissing", .bool(lacksRefreshToken)),
            ("refreshFailure", refreshTrouble?.json(integration) ?? .null),
        ]
    }

    func json(_ integration: Integration) -> JSONValue {
        .object(members(integration))
    }
}
