import HTTPTypes
import Headers
import Proxying
import Web

/// `POST /api/integrations/{id}/request`: a call described in JSON.
struct ProxyJSONForm: Endpoint {
    private let relay: Relay

    init(_ relay: Relay) {
        self.relay = relay
    }

    func respond(to request: APIRequest) throws -> Response {
        try Self.refuseFieldsOfPathForm(in: request.request.headers)
        let json = try request.json()
        let call = try CallDescription(json).call(for: request.request)
        // The body may have taken long to come: a connection that ended meanwhile is not used.
        return try relay.respond(to: request, with: call, asOf: .now)
    }

    /// Refuses fields of the path form, which would be left unheeded: the description says it all.
    private static func refuseFieldsOfPathForm(in headers: HeaderFields) throws {
        for name in headers.lazy.map(\.name.canonicalName) where name.hasPrefix("grantkeeper-f") {
            let isForward = name.hasPrefix("grantkeeper-forward-")
            guard isForward || name == "grantkeeper-follow-redirects" else { continue }
            throw Problem(
                .badRequest, .invalidHeader,
                "'\(name)' is for calls by their path. Here the body says it: "
                    + (isForward ? "name the field in 'headers'." : "'followRedirects'."))
        }
    }
}
