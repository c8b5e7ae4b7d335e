import Connections
import HTTPTypes
import Keeper
import Logging
import Proxying
import Web

/// The API's responder: routes a request, identifies the caller, and turns errors into answers.
package struct GrantkeeperAPI: Responder {
    /// The routes, for the description of the API; lines for any other method excepted.
    package let routes: [(method: HTTPRequest.Method, pattern: String)]
    private let settings: APISettings
    private let router: Router<GuardedEndpoint>
    private let authentication: Authentication
    private let crossOrigin: CrossOriginSharing
    private let loopMark: LoopMark

    package init(keeper: Keeper, settings: APISettings, metrics: Metrics) {
        self.settings = settings
        authentication = Authentication(
            sessions: keeper.sessions, apiKeys: keeper.apiKeys, settings: settings)
        crossOrigin = CrossOriginSharing(settings: settings)
        loopMark = keeper.loopMark
        let all = Routes.all(keeper, settings, authentication, metrics)
        routes = all.compactMap { route in route.method.map { ($0, route.pattern) } }
        router = Router(all)
    }

    package func respond(to request: Request) -> Response {
        var response = answer(request)
        if !response.headers.contains(.cacheControl) {
            response.headers.append(.cacheControl, "no-store")
        }
        if !response.headers.contains(.xContentTypeOptions) {
            response.headers.append(.xContentTypeOptions, "nosniff")
        }
        crossOrigin.allow(request, &response)
        return response
    }

    private func answer(_ request: Request) -> Response {
        let match = router.match(method: request.method, path: request.path)
        do {
            if loopMark.isIn(request.headers) { throw Problem.loop }
            if let preflight = crossOrigin.answerPreflight(request) { return preflight }
            return try dispatch(request, match)
        } catch {
            let shown = error as? ErrorOnPage
            let cause = shown?.cause ?? error
            let problem = Problem(cause)
            request.record.note(problem, for: cause)
            if let shown { return shown.response(status: problem.status) }
            return Self.isForPeople(match)
                && FetchMetadata(request.headers, settings: settings).isSeenByPerson
                ? ProblemPage.response(problem, cause, requestID: request.id)
                : problem.response(requestID: request.id)
        }
    }

    private typealias Match = Router<GuardedEndpoint>.Match

    private static func isForPeople(_ match: Match) -> Bool {
        guard case .found(let route, _) = match else { return false }
        return route.handler.endpoint.isForPeople
    }

    private func dispatch(_ request: Request, _ match: Match) throws -> Response {
        let (route, parameters) = try route(request, match)
        request.record.route = route.pattern
        let integration = parameters["id"]
        if !integration.isEmpty { request.record.integration = integration }
        let identity = try identify(request, route.handler)
        let routed = APIRequest(
            request: request, parameters: parameters, identity: identity, settings: settings,
            fetchMetadata: identity?.isAPIKey == true
                ? nil : FetchMetadata(request.headers, settings: settings))
        let endpoint = route.handler.endpoint
        switch try endpoint.crossSitePolicy.verdict(on: routed) {
        case .passes: return try endpoint.respond(to: routed)
        case .asksFirst: return try endpoint.confirmation(for: routed)
        }
    }

    private func route(
        _ request: Request, _ match: Match
    ) throws -> (Route<GuardedEndpoint>, PathParameters) {
        switch match {
        case .found(let route, let parameters):
            return (route, parameters)
        case .methodNotAllowed(let allowed):
            guard let get = getThatAnswersHead(request) else {
                throw Problem.methodNotAllowed(allowed)
            }
            if request.method == .head { return get }
            if allowed.contains(.head) { throw Problem.methodNotAllowed(allowed) }
            throw Problem.methodNotAllowed(allowed.flatMap { $0 == .get ? [$0, .head] : [$0] })
        case .notFound:
            throw Problem(.notFound, .notFound, "There is nothing at this path.")
        }
    }

    /// Returns the route of GET at the request's path, where HEAD is answered as it is.
    private func getThatAnswersHead(
        _ request: Request
    ) -> (Route<GuardedEndpoint>, PathParameters)? {
        guard
            case .found(let route, let parameters) = router.match(
                method: .get, path: request.path), route.handler.endpoint.answersHead
        else { return nil }
        return (route, parameters)
    }

    private func identify(_ request: Request, _ handler: GuardedEndpoint) throws -> Identity? {
        if handler.access == .anyone { return nil }
        guard let identity = try authentication.identity(of: request) else {
            throw Problem.unauthenticated(
                "Sign in first: with a session cookie, or with an API key as bearer token.")
        }
        request.record.caller = identity.recorded
        switch handler.access {
        case .superusers where !identity.caller.isSuperuser:
            throw Problem(.forbidden, .superuserRequired, "Only superusers may do this.")
        case .superuserKeys where !(identity.isAPIKey && identity.caller.isSuperuser):
            throw Problem(
                .forbidden, .superuserKeyRequired, "This takes a superuser's API key.")
        default:
            return identity
        }
    }
}
