import Connections
import Web

/// `DELETE /api/integrations/{id}/connection`: disconnects, and has the grant revoked.
struct DeleteConnection: Endpoint {
    private let disconnector: Disconnector

    init(_ disconnector: Disconnector) {
        self.disconnector = disconnector
    }

    func respond(to request: APIRequest) throws -> Response {
        try disconnector.disconnect(request.integration, by: request.caller())
        return .noContent
    }
}
