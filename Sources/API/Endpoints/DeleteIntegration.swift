import Connections
import Web

/// `DELETE /grantkeeper/integrations/{id}`: removes an integration that no one is connected to,
/// or, with `disconnect=true`, its connections too.
struct DeleteIntegration: Endpoint {
    private let disconnector: Disconnector

    init(_ disconnector: Disconnector) {
        self.disconnector = disconnector
    }

    func respond(to request: APIRequest) throws -> Response {
        let disconnects = try request.query().flag("disconnect")
        let outlook = try disconnector.remove(
            request.integration, disconnecting: disconnects, by: request.caller())
        return .disconnected(outlook)
    }
}
