import Connections
import Web

/// `GET /grantkeeper/integrations`: the integrations that the caller can connect to.
struct ListIntegrations: Endpoint {
    static let path = "/grantkeeper/integrations"
    private let integrations: IntegrationStore

    init(_ integrations: IntegrationStore) {
        self.integrations = integrations
    }

    func respond(to request: APIRequest) throws -> Response {
        let range = try ListRange(request.query())
        let (page, total) = try integrations.list(
            for: request.caller(), start: range.start, limit: range.limit)
        return HALPage(
            path: Self.path, relation: "inf:integration", items: page.map(\.publicJSON),
            range: range, total: total
        ).response(for: request.request)
    }
}
