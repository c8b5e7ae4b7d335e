import Connections
import Encoding

extension RefreshTrouble {
    /// What a connection's last refresh failed with, as its owner sees it.
    func json(_ integration: Integration) -> JSONValue {
        [
            "code": .string(code), "status": .integer(orNull: status),
            "since": .string(since.rfc3339), "lastAt": .string(lastAt.rfc3339),
            "count": .integer(count), "advice": .string(advice(integration.definition)),
        ]
    }
}
