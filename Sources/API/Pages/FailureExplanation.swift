import Connections

/// A failure to connect in plain words: the event, and the next steps of user and administrator.
struct FailureExplanation {
    var title = "Not connected"
    let what: String
    var forUser: String?
    var forAdministrator: String?
    /// Whether beginning again can end otherwise.
    var mayTryAgain = false
    /// Whether the redirect URI has to be compared.
    var concernsRedirectURI = false
    /// Whether the client secret may have to be given again.
    var concernsSecret = false

    /// Whether there is nothing to copy or to pass on, so that a popup may close itself.
    var isReadAtOnce: Bool { forAdministrator == nil }

    /// Returns the values for `error.mustache`.
    ///
    /// - Parameters:
    ///   - slug: The integration's, where it is known.
    ///   - name: The integration's name, where the user may know it.
    func values(code: String, slug: String?, name: String? = nil) -> [String: Any] {
        var values: [String: Any] = ["title": title, "what": what, "code": code]
        values["integration"] = slug.map { slug in name.map { "\($0) (\(slug))" } ?? slug }
        values["forUser"] = forUser
        values["forAdministrator"] = forAdministrator
        if concernsSecret { values["secretOf"] = slug ?? "SLUG" }
        return values
    }
}

extension FailureExplanation {
    /// - Parameter failure: `nil` for a code that is not ours.
    init(_ failure: ConnectFailure?) {
        self =
            switch failure {
            case .denied: .denied
            case .unknownState: .unknownState
            case .underWay: .underWay
            case .notOwner: .notOwner
            case .integrationGone: .integrationGone
            case .redirectURIRefused: .redirectURIRefused
            case .clientRefused: .clientRefused
            case .scopeRefused: .scopeRefused
            case .clientNotApproved: .clientNotApproved
            case .refused: .refused
            case .exchangeRefused: .exchangeRefused
            case .malformed: .malformed
            case .tokenTypeUnknown: .tokenTypeUnknown
            case .answerIncomplete: .answerIncomplete
            case .providerUnavailable: .providerUnavailable
            case .mixedUp: .mixedUp
            case .internalError: .internalError
            case nil: .unknown
            }
    }
}

/// Failures on the user's side.
extension FailureExplanation {
    private static let denied = Self(
        what: "You said no at the provider, or an administrator of your account did.",
        forUser: "If that was not meant, connect again and approve.", mayTryAgain: true)

    private static let unknownState = Self(
        what: "This attempt to connect was begun too long ago, or in another browser, or was "
            + "used already.",
        forUser: "Connect again, in this browser.", mayTryAgain: true)

    private static let underWay = Self(
        title: "Still connecting",
        what: "You came back from the provider a moment ago, and it is still being asked.",
        forUser: "Wait a moment, and go back to the application: it shows whether you are "
            + "connected.")

    private static let notOwner = Self(
        what: "The connection is shared, and another user made it.",
        forUser: "Ask its owner, or an administrator, to connect it again.")

    /// A shared integration that no other user has connected.
    static let mayNotShare = Self(
        what: "No one else has connected it. The connection is one for all users, and you are not "
            + "one of those who may make it.",
        forUser: "Ask an administrator to connect it.")

    private static let integrationGone = Self(
        what: "There is no such integration, or it is not available to you.",
        forUser: "Ask an administrator.")
}

/// Failures in the registration of the application at the provider.
extension FailureExplanation {
    private static let redirectURIRefused = Self(
        what: "The provider does not know the address that it should send you back to.",
        forAdministrator: "Register the redirect URI at the provider.", concernsRedirectURI: true)

    private static let clientRefused = Self(
        what: "The provider does not accept the application's client id and secret.",
        forAdministrator: "Compare the integration's client id with the provider's, and give the "
            + "client secret again. If both are right and have other characters than letters, digits "
            + "and -._~, the provider may read them in another way: try another "
            + "clientAuthentication, of basic, basic_unencoded and post.",
        concernsSecret: true)

    private static let scopeRefused = Self(
        what: "The provider does not give the access that the application asks for.",
        forAdministrator: "Correct the integration's scope, or allow it for the application at "
            + "the provider.")

    private static let clientNotApproved = Self(
        what: "The provider does not let this application in.",
        forUser: "Ask an administrator of your account at the provider whether it has to be "
            + "approved.",
        forAdministrator: "See at the provider whether the application waits for review, or was "
            + "suspended.")

    private static let refused = Self(
        what: "The provider refused the request.",
        forAdministrator: "Compare the integration's scope and redirect URI with what is "
            + "registered at the provider.")

    private static let exchangeRefused = Self(
        what: "The provider approved, but then refused to hand over the access.",
        forUser: "Connect again.",
        forAdministrator: "If it stays so, compare the integration's client id, client secret and "
            + "redirect URI with the provider's.",
        mayTryAgain: true, concernsRedirectURI: true)
}

/// Failures in the provider's answer, or on our side.
extension FailureExplanation {
    private static let malformed = Self(
        what: "The provider's answer was not complete, or was changed on the way.",
        forUser: "Connect again.",
        forAdministrator: "If it stays so, give the integration's client secret again.",
        mayTryAgain: true, concernsSecret: true)

    private static let answerIncomplete = Self(
        what: "The provider approved, but did not say everything that is needed to use the access.",
        forUser: "See whether your account has what the application wants to use.",
        forAdministrator: "The log says what is missing.")

    private static let tokenTypeUnknown = Self(
        what: "The provider approved, but gave access in a form that is not known here.",
        forUser: "Tell an administrator.",
        forAdministrator: "The log names the type of the provider's tokens. If it means a bearer "
            + "token by it, add the type to 'tokenResponse.tokenTypes'.")

    private static let providerUnavailable = Self(
        what: "The provider could not be asked: it cannot be reached, does not answer, or is "
            + "asked for too much at the moment.",
        forUser: "Try again in a few minutes.", mayTryAgain: true)

    private static let mixedUp = Self(
        what: "The answer does not show that it came from the provider that was asked. Nothing was "
            + "connected.",
        forUser: "Tell an administrator.",
        forAdministrator: "This can be an attack, a wrong issuer in the integration, or a provider "
            + "that does not name itself although it promises to: compare the issuer with the "
            + "provider's. The log says which.")

    private static let internalError = Self(
        what: "Something went wrong here.", forUser: "Try again.",
        forAdministrator: "If it stays so, the log has the reason.", mayTryAgain: true)

    private static let unknown = Self(
        what: internalError.what, forUser: internalError.forUser,
        forAdministrator: internalError.forAdministrator)
}
