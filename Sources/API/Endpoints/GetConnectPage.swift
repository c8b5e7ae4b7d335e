import Connections
import Keeper
import Web

/// `GET /grantkeeper/connect/{id}`: the page that asks for the values that the provider doesn't.
struct GetConnectPage: Endpoint {
    private let integrations: IntegrationStore
    private let permission: ConnectPermission

    init(_ keeper: Keeper) {
        integrations = keeper.integrations
        permission = keeper.connectPermission
    }

    var isForPeople: Bool { true }
    var crossSitePolicy: CrossSitePolicy { .asksOnNavigation }

    func respond(to request: APIRequest) throws -> Response {
        let visit = try ConnectVisit(request, request.query())
        if visit.mustBeAskedFor { return try confirmation(for: request) }
        let caller = try request.caller()
        let integration = try integrations.find(request.integration, for: caller)
        try permission.check(integration, caller)
        return ConnectPage(integration: integration, caller: caller, visit: visit).response()
    }

    func confirmation(for request: APIRequest) throws -> Response {
        try ConfirmPage.connect(request, integrations)
    }
}
