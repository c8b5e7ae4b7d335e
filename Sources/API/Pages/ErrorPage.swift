import Connections
import Web

/// Where a browser ends when connecting failed and nobody said where it should go.
struct ErrorPage: Endpoint {
    static let path = "/grantkeeper/error"
    private static let page = Page(PackageResources.error_mustache)
    private let integrations: IntegrationStore
    private let redirectURI: RedirectURI
    private let authentication: Authentication

    init(_ keeper: Keeper, _ authentication: Authentication) {
        integrations = keeper.integrations
        redirectURI = keeper.redirectURI
        self.authentication = authentication
    }

    func respond(to request: APIRequest) throws -> Response {
        let query = try request.query()
        let failure = query["error"].flatMap(ConnectFailure.init(rawValue:))
        let explanation = FailureExplanation(failure)
        let slug = Page.slug(in: query)
        let isPopup = query["popup"] == "1"
        var values = explanation.values(code: failure?.rawValue ?? "unknown", slug: slug)
        if explanation.concernsRedirectURI {
            values["redirectURI"] = redirectURI(of: slug, request)
        }
        if explanation.mayTryAgain, let slug {
            let query = isPopup ? "?popup=1" : ""
            values["tryAgain"] = "/api/integrations/\(slug)/connect\(query)"
        }
        let closes = isPopup && explanation.isReadAtOnce
        return Self.page.response(values, closesAfter: closes ? "20" : nil)
    }

    /// The one to register. An integration that the user may not see is like one that is not there.
    private func redirectURI(of slug: String?, _ request: APIRequest) -> String {
        guard let slug, let caller = authentication.optionalIdentity(of: request.request)?.caller,
            let integration = try? integrations.find(slug, for: caller)
        else { return redirectURI.common }
        return redirectURI.of(integration.definition)
    }
}
