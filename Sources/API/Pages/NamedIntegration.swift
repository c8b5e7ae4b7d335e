import Connections
import Integrations
import Keeper
import Primitives

/// Looks up the integration that a page's query names, as far as its visitor may see it: to anyone
/// else it is like one that is not there (SECURITY 23).
struct NamedIntegration: Sendable {
    private let integrations: IntegrationStore
    private let connections: ConnectionStore
    private let authentication: Authentication

    init(_ keeper: Keeper, _ authentication: Authentication) {
        integrations = keeper.integrations
        connections = keeper.connections
        self.authentication = authentication
    }

    func find(_ slug: String?, _ request: APIRequest) -> Integration? {
        guard let slug, let caller = caller(request) else { return nil }
        return try? integrations.find(slug, for: caller)
    }

    /// Whether another user owns the connection that all users of the integration share.
    func isOwnedByAnother(_ integration: Integration, _ request: APIRequest) -> Bool {
        guard let caller = caller(request),
            let found = try? connections.find(integration.slug, for: caller)
        else { return false }
        return found.connection.ownerID != caller.userID
    }

    private func caller(_ request: APIRequest) -> Caller? {
        authentication.optionalIdentity(of: request.request)?.caller
    }
}
