import Connections
import Web

/// `GET /api/integrations/{id}/connection`: the caller's connection, or the shared one.
struct GetConnection: Endpoint {
    private let connections: ConnectionStore

    init(_ connections: ConnectionStore) {
        self.connections = connections
    }

    func respond(to request: APIRequest) throws -> Response {
        let (connection, integration) = try connections.show(
            request.integration, to: request.caller())
        request.request.record.integration = integration.slug
        return .json(connection.json(integration))
    }
}
