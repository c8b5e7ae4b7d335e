import Connections
import Encoding
import Integrations

extension RefreshTrouble {
    /// Returns the failure of a connection's last refresh, as its owner sees it.
    func json(_ integration: Integration) -> JSONValue {
        [
            "code": .string(code), "status": .integer(orNull: status),
            "since": .string(since.rfc3339), "lastAt": .string(lastAt.rfc3339),
            "count": .integer(count), "advice": .string(advice(integration.definition)),
        ]
    }
}
