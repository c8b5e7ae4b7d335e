import Connections
import Encoding
import Web

/// `GET /api/integration-connections`: the caller's connections across all integrations.
struct ListConnections: Endpoint {
    static let path = "/api/integration-connections"
    private let connections: ConnectionStore

    init(_ connections: ConnectionStore) {
        self.connections = connections
    }

    func respond(to request: APIRequest) throws -> Response {
        let range = try ListRange(request.query())
        let (page, total) = try connections.list(
            for: request.caller(), start: range.start, limit: range.limit)
        let items = page.map { connection, integration in
            JSONValue.object(
                connection.members(integration) + [
                    ("_embedded", ["inf:integration": integration.summary])
                ])
        }
        return HALPage(
            path: Self.path, relation: "inf:integration-connection", items: items, range: range,
            total: total
        ).response(for: request.request)
    }
}
