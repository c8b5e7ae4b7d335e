import Connections
import HTTPTypes
import Headers
import Web

/// `DELETE /api/integrations/{id}/connection`: disconnects, and has the grant revoked.
struct DeleteConnection: Endpoint {
    private let disconnector: Disconnector

    init(_ disconnector: Disconnector) {
        self.disconnector = disconnector
    }

    func respond(to request: APIRequest) throws -> Response {
        let outlook = try disconnector.disconnect(request.integration, by: request.caller())
        return .disconnected(outlook)
    }
}

extension Response {
    /// Returns the answer for a disconnected connection, with the outlook for its grant at the
    /// provider.
    static func disconnected(_ outlook: RevocationOutlook) -> Response {
        var response = Response.noContent
        response.headers[.grantkeeperRevocation] = outlook.rawValue
        return response
    }
}

extension HTTPField.Name {
    /// A token (RFC 9651 §3.3.4): `queued`, `unsupported` or `none`.
    static let grantkeeperRevocation = HTTPField.Name.known("Grantkeeper-Revocation")
}
