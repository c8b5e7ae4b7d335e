import Connections
import Web

/// Where a browser ends when connecting failed and nobody said where it should go.
struct ErrorPage: Endpoint {
    static let path = "/grantkeeper/error"
    private static let page = Page(PackageResources.error_mustache)

    func respond(to request: APIRequest) throws -> Response {
        let query = try request.query()
        let failure = query["error"].flatMap(ConnectFailure.init(rawValue:))
        let (what, advice) = Self.explanation(of: failure)
        return Self.page.response(
            [
                "title": "Not connected", "integration": Page.slug(in: query) ?? "",
                "what": what, "advice": advice, "code": failure?.rawValue ?? "unknown",
            ], closesAfter: query["popup"] == "1" ? "20" : nil)
    }

    private static func explanation(of failure: ConnectFailure?) -> (what: String, advice: String) {
        switch failure {
        case .denied:
            ("You said no at the provider.", "If that was not meant, connect again and approve.")
        case .unknownState:
            (
                "This sign-in was begun too long ago, in another browser, or has been used.",
                "Go back to the application and connect again, in this browser."
            )
        case .malformed:
            (
                "The provider's answer was not complete, or was changed on the way.",
                "Go back to the application and connect again."
            )
        case .refused:
            (
                "The provider refused the request.",
                "An administrator should check the integration's scope, and the redirect URI that "
                    + "is registered at the provider."
            )
        case .redirectURIRefused:
            (
                "The provider does not know the address that it should send you back to.",
                "An administrator has to register the redirect URI at the provider, exactly as "
                    + "'grantkeeper integration list' shows it."
            )
        case .clientRefused:
            (
                "The provider does not accept the application's client id and secret.",
                "An administrator should give the client secret anew, and compare the client id "
                    + "with the provider's."
            )
        case .scopeRefused:
            (
                "The provider does not give the access that the application asks for.",
                "An administrator should correct the integration's scope, or allow it for the "
                    + "application at the provider."
            )
        case .clientNotApproved:
            (
                "The provider does not let this application in.",
                "It may wait for the provider's review, need an approval by an administrator of "
                    + "your account, or have been suspended there."
            )
        case .answerIncomplete:
            (
                "The provider approved, but did not say everything that is needed to use the "
                    + "access.",
                "See whether your account has what the application wants to use. An administrator "
                    + "finds what is missing in the log."
            )
        case .exchangeRefused:
            (
                "The provider approved, but then refused to hand over the access.",
                "Connect again. If it stays so, an administrator should check the integration's "
                    + "client id, client secret and redirect URI."
            )
        case .providerUnavailable:
            ("The provider cannot be reached at the moment.", "Try again in a few minutes.")
        case .mixedUp:
            (
                "The answer came from another provider than the one that was asked.",
                "Nothing was connected. Tell an administrator: this can be an attack."
            )
        case .notOwner:
            (
                "The shared connection belongs to somebody else.",
                "Its owner or an administrator can replace it."
            )
        case .integrationGone:
            ("This integration is not available to you any more.", "Ask an administrator.")
        case .internalError, nil:
            (
                "Something went wrong here.",
                "Try again. If it stays so, an administrator finds the reason in the log."
            )
        }
    }
}
