import Connections
import HTTPTypes
import Web

/// `POST /api/integrations/{id}/connect`: makes a connection from a credential in the body.
struct PostConnect: Endpoint {
    private let handOver: HandOver

    init(_ handOver: HandOver) {
        self.handOver = handOver
    }

    func respond(to request: APIRequest) throws -> Response {
        let given = try request.json()
        let (connection, integration) = try request.request.record.timingUpstream {
            try handOver(given, to: request.integration, by: request.caller())
        }
        request.request.record.integration = integration.slug
        var response = Response.json(connection.json(integration), status: .created)
        response.headers[.location] = "/api/integrations/\(integration.slug)/connection"
        return response
    }
}
