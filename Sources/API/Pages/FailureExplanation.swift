import Connections

/// A failure to connect in plain words: what happened, and who can do what about it.
struct FailureExplanation {
    let what: String
    var forUser: String?
    var forAdministrator: String?
    /// Whether beginning again can end otherwise.
    var mayTryAgain = false
    /// Whether the redirect URI is what has to be compared.
    var concernsRedirectURI = false
}

extension FailureExplanation {
    /// - Parameter failure: `nil` for a code that is not ours.
    init(_ failure: ConnectFailure?) {
        switch failure {
        case .denied, .unknownState, .notOwner, .integrationGone: self.init(ofUser: failure)
        case .redirectURIRefused, .clientRefused, .scopeRefused, .clientNotApproved, .refused,
            .exchangeRefused:
            self.init(ofRegistration: failure)
        default: self.init(ofAnswer: failure)
        }
    }

    /// What lies with the user, or with what is theirs.
    private init(ofUser failure: ConnectFailure?) {
        switch failure {
        case .denied:
            self.init(
                what: "You said no at the provider, or an administrator of your account did.",
                forUser: "If that was not meant, connect again and approve.", mayTryAgain: true)
        case .unknownState:
            self.init(
                what: "This sign-in was begun too long ago, in another browser, or has been used.",
                forUser: "Connect again, in this browser.", mayTryAgain: true)
        case .notOwner:
            self.init(
                what: "The shared connection belongs to somebody else.",
                forUser: "Ask its owner, or an administrator, to connect it again.")
        default:
            self.init(
                what: "This integration is not available to you any more.",
                forUser: "Ask an administrator.")
        }
    }

    /// What lies with how the application is registered at the provider.
    private init(ofRegistration failure: ConnectFailure?) {
        switch failure {
        case .redirectURIRefused:
            self.init(
                what: "The provider does not know the address that it should send you back to.",
                forAdministrator: "Register the redirect URI at the provider.",
                concernsRedirectURI: true)
        case .clientRefused:
            self.init(
                what: "The provider does not accept the application's client id and secret.",
                forAdministrator: "Compare the integration's client id with the provider's, and "
                    + "give the client secret anew.")
        case .scopeRefused:
            self.init(
                what: "The provider does not give the access that the application asks for.",
                forAdministrator: "Correct the integration's scope, or allow it for the "
                    + "application at the provider.")
        case .clientNotApproved:
            self.init(
                what: "The provider does not let this application in.",
                forUser: "Ask an administrator of your account at the provider whether it has to "
                    + "be approved.",
                forAdministrator: "See at the provider whether the application waits for review, "
                    + "or was suspended.")
        case .exchangeRefused:
            self.init(
                what: "The provider approved, but then refused to hand over the access.",
                forUser: "Connect again.",
                forAdministrator: "If it stays so, compare the integration's client id, client "
                    + "secret and redirect URI with the provider's.",
                mayTryAgain: true, concernsRedirectURI: true)
        default:
            self.init(
                what: "The provider refused the request.",
                forAdministrator: "Compare the integration's scope and redirect URI with what is "
                    + "registered at the provider.")
        }
    }

    /// What lies with the provider's answer, or with us.
    private init(ofAnswer failure: ConnectFailure?) {
        switch failure {
        case .malformed:
            self.init(
                what: "The provider's answer was not complete, or was changed on the way.",
                forUser: "Connect again.",
                forAdministrator: "If it stays so, give the integration's client secret anew.",
                mayTryAgain: true)
        case .answerIncomplete:
            self.init(
                what: "The provider approved, but did not say everything that is needed to use "
                    + "the access.",
                forUser: "See whether your account has what the application wants to use.",
                forAdministrator: "The log says what is missing.")
        case .providerUnavailable:
            self.init(
                what: "The provider cannot be reached at the moment.",
                forUser: "Try again in a few minutes.", mayTryAgain: true)
        case .mixedUp:
            self.init(
                what: "The answer came from another provider than the one that was asked. Nothing "
                    + "was connected.",
                forUser: "Tell an administrator.",
                forAdministrator: "This can be an attack, or a wrong issuer in the integration: "
                    + "compare it with the provider's.")
        default:
            self.init(
                what: "Something went wrong here.",
                forUser: "Try again.", forAdministrator: "If it stays so, the log has the reason.",
                mayTryAgain: failure != nil)
        }
    }
}
