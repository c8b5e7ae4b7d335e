import Encoding
import HTTPTypes
import Web

/// The target of the answer to an authorization request: a redirect URI that was proven to be the
/// client's own, and the state to give back.
struct AuthorizationTarget {
    let redirectURI: String
    let state: String?
    let responseMode: ResponseMode

    /// - Throws: ``AuthorizationRefusal/page(_:)``: without a known client and redirect URI there
    ///   is no redirect (RFC 6749 §4.1.2.1).
    init(_ parameters: Parameters, settings: MockSettings) throws(AuthorizationRefusal) {
        guard let clientID = parameters["client_id"] else {
            throw .page("client_id is missing, empty or sent more than once.")
        }
        guard settings.clients.contains(where: { $0.id == clientID }) else {
            throw .page("The client \(clientID) is not registered.")
        }
        if parameters.duplicates.contains("redirect_uri") {
            throw .page("redirect_uri is sent more than once.")
        }
        redirectURI = try Self.redirectURI(parameters["redirect_uri"], settings: settings)
        state = parameters["state"]
        // An unknown mode is refused later, with an error in the query.
        responseMode = parameters["response_mode"].flatMap(ResponseMode.init(rawValue:)) ?? .query
    }

    /// Returns the redirect URI, compared character by character (RFC 6749 §3.1.2.3, RFC 9700
    /// §4.1.3).
    private static func redirectURI(
        _ uri: String?, settings: MockSettings
    ) throws(AuthorizationRefusal) -> String {
        guard let uri else {
            guard settings.redirectURIs.count == 1 else {
                throw .page("redirect_uri is missing.")
            }
            return settings.redirectURIs[0]
        }
        guard settings.redirectURIs.contains(uri) else {
            throw .page("The redirect URI \(uri) is not registered.")
        }
        return uri
    }

    /// Returns the answer that takes the decision to the client, by a redirect or a form: `code`,
    /// or `error` and its description.
    func redirect(
        _ answer: [(name: String, value: String)], settings: MockSettings,
        status: HTTPResponse.Status = .found
    ) -> Response {
        var form = Form(answer.map { Form.Field($0.name, $0.value) })
        if let state { form.append("state", state) }
        switch settings.issuerParameter {
        case .correct: form.append("iss", settings.issuer)
        case .absent: break
        case .wrong(let text): form.append("iss", text)
        }
        let separator: String
        switch responseMode {
        case .formPost: return FormPostPage.response(form, to: redirectURI).notStored()
        case .fragment: separator = "#"
        case .query: separator = redirectURI.contains("?") ? "&" : "?"
        }
        return Response.redirect(to: redirectURI + separator + form.encoded, status: status)
            .notStored()
    }

    func redirect(
        _ error: ProtocolError, settings: MockSettings, status: HTTPResponse.Status = .found
    ) -> Response {
        redirect(
            [("error", error.code), ("error_description", error.description)], settings: settings,
            status: status)
    }
}

/// The reason for which an authorization request is not shown to the user.
enum AuthorizationRefusal: Error {
    /// An error that is shown on a page, never sent by a redirect.
    case page(String)
    /// An error that is sent to the client.
    case redirect(AuthorizationTarget, ProtocolError)
}
