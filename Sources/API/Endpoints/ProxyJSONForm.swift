import Connections
import Encoding
import HTTPClient
import HTTPTypes
import Web

/// `POST /api/integrations/{id}/request`: a call described in JSON.
struct ProxyJSONForm: Endpoint {
    private let proxyRequest: ProxyRequest

    init(_ proxyRequest: ProxyRequest) {
        self.proxyRequest = proxyRequest
    }

    func respond(to request: APIRequest) throws -> Response {
        let json = try request.json()
        let call = try CallDescription(json).call(for: request.request)
        return ProxyAnswer(
            try proxyRequest(call, through: request.integration, by: request.caller()),
            to: call, for: request.request
        ).response
    }
}
