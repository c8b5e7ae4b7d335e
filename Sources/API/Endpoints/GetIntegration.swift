import Connections
import Web

/// `GET /grantkeeper/integrations/{id}`.
struct GetIntegration: Endpoint {
    private let integrations: IntegrationStore

    init(_ integrations: IntegrationStore) {
        self.integrations = integrations
    }

    func respond(to request: APIRequest) throws -> Response {
        .json(try integrations.find(request.integration, for: request.caller()).publicJSON)
    }
}
