import Connections
import HTTPTypes
import Web

/// `POST /grantkeeper/integrations`: adds an integration.
struct PostIntegration: Endpoint {
    private let integrations: IntegrationStore

    init(_ integrations: IntegrationStore) {
        self.integrations = integrations
    }

    func respond(to request: APIRequest) throws -> Response {
        let given = try request.json()
        let integration = try request.request.record.timingUpstream {
            try integrations.add(given, by: request.caller())
        }
        var response = Response.json(integration.publicJSON, status: .created)
        response.headers[.location] = "\(ListIntegrations.path)/\(integration.slug)"
        return response
    }
}
