import Connections
import HTTPTypes
import Keeper
import Proxying
import Web

/// Everything that is answered: the contract's paths, and ours under one prefix.
///
/// A route stands in `openapi.json`, too, and its path in `nginx/grantkeeper.conf`: `RouteTablesTests`
/// says which one of them was forgotten.
enum Routes {
    static func all(
        _ keeper: Keeper, _ settings: APISettings, _ authentication: Authentication,
        _ metrics: Metrics
    ) -> [Route<GuardedEndpoint>] {
        contract(keeper, settings, authentication) + own(keeper, settings, authentication, metrics)
    }

    private static func contract(
        _ keeper: Keeper, _ settings: APISettings, _ authentication: Authentication
    ) -> [Route<GuardedEndpoint>] {
        let connect = "/api/integrations/{id}/connect"
        let connection = "/api/integrations/{id}/connection"
        let request = "/api/integrations/{id}/request"
        let pathForm = GuardedEndpoint.users(ProxyPathForm(keeper.relay))
        let callback = Callback(keeper.finishConnect, settings, authentication)
        return [
            Route(.get, connect, .users(GetConnect(keeper, settings))),
            Route(.post, connect, .users(PostConnect(keeper.handOver))),
            Route(.get, RedirectURI.path, .anyone(callback)),
            Route(.get, "\(RedirectURI.path)/{slug}", .anyone(callback)),
            Route(.get, connection, .users(GetConnection(keeper.connections))),
            Route(.delete, connection, .users(DeleteConnection(keeper.disconnector))),
            Route(
                .get, ListConnections.path, .users(ListConnections(keeper.connections))),
            Route(.post, request, .users(ProxyJSONForm(keeper.relay))),
            Route(.get, request, pathForm),
            Route(nil, request, pathForm),
        ]
            + CallMethods.usual.map { Route($0, "\(request)/{path*}", pathForm) }
            + [Route(nil, "\(request)/{path*}", pathForm)]
    }

    private static func own(
        _ keeper: Keeper, _ settings: APISettings, _ authentication: Authentication,
        _ metrics: Metrics
    ) -> [Route<GuardedEndpoint>] {
        let integration = "/grantkeeper/integrations/{id}"
        let connect = "/grantkeeper/connect/{id}"
        let tickets = TicketSignIn(keeper.sessions, settings)
        let named = NamedIntegration(keeper, authentication)
        return [
            Route(
                .post, "/grantkeeper/sessions",
                .superuserKeys(PostSession(keeper.sessions, settings))),
            Route(.get, StartSession.path, .anyone(StartSession(tickets))),
            Route(.post, StartSession.path, .anyone(PostStartSession(tickets))),
            Route(.get, "/grantkeeper/session", .users(GetSession())),
            Route(
                .delete, "/grantkeeper/session", .users(DeleteSession(keeper.sessions, settings))),
            Route(
                .get, ListIntegrations.path, .users(ListIntegrations(keeper.integrations))),
            Route(
                .post, ListIntegrations.path, .superusers(PostIntegration(keeper.integrations))),
            Route(.get, integration, .users(GetIntegration(keeper.integrations))),
            Route(.put, integration, .superusers(PutIntegration(keeper.integrations))),
            Route(.delete, integration, .superusers(DeleteIntegration(keeper.disconnector))),
            Route(.get, "/grantkeeper/healthz", .anyone(GetHealth())),
            Route(.get, "/grantkeeper/readyz", .anyone(GetReadiness(keeper.readiness))),
            Route(
                .get, "/grantkeeper/metrics",
                .anyone(GetMetrics(metrics, KeeperMetrics(statistics: keeper.statistics)))),
            Route(.get, "/grantkeeper/openapi.json", .anyone(GetOpenAPI())),
            Route(.get, connect, .users(GetConnectPage(keeper))),
            Route(.post, connect, .users(PostConnectPage(keeper, settings))),
            Route(.get, ConnectedPage.path, .anyone(ConnectedPage(named))),
            Route(.get, ErrorPage.path, .anyone(ErrorPage(named, keeper.redirectURI))),
        ]
    }
}
