import Connections
import Integrations
import Web

/// The page for a browser that failed to connect and has no `returnTo`.
struct ErrorPage: Endpoint {
    static let path = "/grantkeeper/error"
    private static let page = Page(PackageResources.error_mustache)
    private let named: NamedIntegration
    private let redirectURI: RedirectURI

    init(_ named: NamedIntegration, _ redirectURI: RedirectURI) {
        self.named = named
        self.redirectURI = redirectURI
    }

    func respond(to request: APIRequest) throws -> Response {
        let query = try request.query()
        let failure = query["error"].flatMap(ConnectFailure.init(rawValue:))
        let slug = Page.slug(in: query)
        let integration = named.find(slug, request)
        let explanation = explanation(failure, integration, request)
        let isPopup = query["popup"] == "1"
        var values = explanation.values(
            code: failure?.rawValue ?? "unknown", slug: slug, name: integration?.definition.name)
        if explanation.concernsRedirectURI {
            values["redirectURI"] =
                integration.map { redirectURI.of($0.definition) } ?? redirectURI.common
        }
        if explanation.mayTryAgain, let slug {
            let query = isPopup ? "?popup=1" : ""
            values["tryAgain"] = "/api/integrations/\(slug)/connect\(query)"
        }
        let closes = isPopup && explanation.isReadAtOnce
        return Self.page.response(values, closesAfter: closes ? "20" : nil)
    }

    /// Returns the explanation. One code may stand for two reasons; they are told apart only for a
    /// visitor who may see the integration.
    private func explanation(
        _ failure: ConnectFailure?, _ integration: Integration?, _ request: APIRequest
    ) -> FailureExplanation {
        guard failure == .notOwner, let integration else { return FailureExplanation(failure) }
        return named.isOwnedByAnother(integration, request)
            ? FailureExplanation(failure) : .mayNotShare
    }
}
