import Connections
import HTTPClient
import Limits
import OAuth
import Primitives
import Problems

extension ConnectPage {
    /// Returns the page again, with the error in plain words.
    ///
    /// - Returns: `nil` for an error that filling in the page again does not correct.
    func again(after error: any Error) -> ConnectPage? {
        var page = self
        page.message = sentence(about: error)
        if case InputError.invalid(.invalidConnectionData, _) = error {
            return page
        }
        return page.message == nil ? nil : page
    }

    private func sentence(about error: any Error) -> String? {
        switch error {
        case ConnectionsError.credentialRefused(let status):
            "The API refused \(credential) (status \(status)). Nothing was stored."
        case ConnectionsError.credentialUntested(let status):
            "The API could not try \(credential): it answered with status \(status). Nothing was "
                + "stored. Try again in a few minutes."
        case InputError.invalid(.invalidCredential, _)
        where integration.definition.authType != .oauth2:
            "\(credential.beginningASentence) cannot be right: something is missing, too "
                + "long, or has characters that do not belong there. Nothing was stored."
        case InputError.conflict(.connectionDataMissing, _):
            "What you gave makes no address of the API. Nothing was stored."
        case ConnectionsError.upstream(.nameNotResolved, _):
            "There is no API under that name. Nothing was stored. Look at what you gave, or try "
                + "again in a few minutes."
        case ConnectionsError.upstream:
            "The API cannot be reached, so nothing could be tried, and nothing was stored. Try "
                + "again in a few minutes."
        case ConnectionsError.lookupFailed, ConnectionsError.provider(.malformedResponse):
            "The provider accepted what you entered, but its answer lacks data that is needed. "
                + "Nothing was stored. An administrator finds the reason in the log."
        case ConnectionsError.provider(.refused):
            "The provider refuses the application. Nothing was stored. An administrator should "
                + "compare client id and client secret with the provider's."
        case ConnectionsError.provider:
            "The provider could not be asked. Nothing was stored. Try again in a few minutes."
        case is CallRefusal:
            "The API is asked for too much at the moment. Nothing was stored. Try again soon."
        default: nil
        }
    }

    private var credential: String {
        let definition = integration.definition
        guard definition.credentialForm.isUsual else {
            return ConnectField.credential(definition, username: "")
                .map { "“\($0.label)”" }.joined(separator: " and ")
        }
        return switch definition.authType {
        case .apiKey: "this key"
        case .basic: "this user name and password"
        case .bearer, .oauth2: "this token"
        }
    }
}

extension String {
    fileprivate var beginningASentence: String { prefix(1).uppercased() + dropFirst() }
}
