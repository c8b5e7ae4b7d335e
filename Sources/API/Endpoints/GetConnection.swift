import Connections
import Web

/// `GET /api/integrations/{id}/connection`: the caller's connection, or the shared one.
struct GetConnection: Endpoint {
    private let connections: ConnectionStore

    init(_ connections: ConnectionStore) {
        self.connections = connections
    }

    func respond(to request: APIRequest) throws -> Response {
        let record = request.request.record
        let found = try connections.show(
            request.integration, to: request.caller(), asOf: record.begun)
        record.integration = found.integration.slug
        return .json(encoded: found.encoded { $0.json($1).encoded() })
    }
}
