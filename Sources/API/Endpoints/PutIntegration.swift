import Connections
import Web

/// `PUT /grantkeeper/integrations/{id}`: replaces an integration's definition.
struct PutIntegration: Endpoint {
    private let integrations: IntegrationStore

    init(_ integrations: IntegrationStore) {
        self.integrations = integrations
    }

    func respond(to request: APIRequest) throws -> Response {
        let isConfirmed = try request.query().flag("confirm")
        let given = try request.json()
        let integration = try request.request.record.timingUpstream {
            try integrations.replace(
                request.integration, with: given, confirmed: isConfirmed, by: request.caller())
        }
        return .json(integration.publicJSON)
    }
}
