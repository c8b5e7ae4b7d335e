import Connections
import Encoding
import HTTPTypes
import Web

/// `GET /oauth2/callback`, and `/oauth2/callback/{slug}` for integrations with a redirect URI of
/// their own: takes the provider's answer, and always sends the browser on.
struct Callback: Endpoint {
    private let finishConnect: FinishConnect
    private let settings: APISettings
    private let authentication: Authentication

    init(_ finishConnect: FinishConnect, _ settings: APISettings, _ authentication: Authentication)
    {
        self.finishConnect = finishConnect
        self.settings = settings
        self.authentication = authentication
    }

    var answersHead: Bool { false }

    func respond(to request: APIRequest) throws -> Response {
        let slug = request.parameters["slug"]
        let outcome = finishConnect(
            request.request.queryForm, slug: slug.isEmpty ? nil : slug,
            browserID: BrowserCookie(settings).value(in: request.request),
            signedIn: authentication.optionalIdentity(of: request.request)?.caller)
        var response = Response.redirect(to: location(outcome))
        // RFC 9700 §4.2: the code must not leak by the Referer field.
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }

    private func location(_ outcome: ConnectOutcome) -> String {
        var fields = Form()
        if let integration = outcome.integration { fields.append("integration", integration.slug) }
        switch outcome.result {
        case .connected: fields.append("connected", "1")
        case .failed(let failure): fields.append("error", failure.rawValue)
        }
        if let returnTo = outcome.returnTo,
            let checked = try? ReturnTo(returnTo, settings: settings)
        {
            return checked.adding(fields)
        }
        if outcome.isPopup { fields.append("popup", "1") }
        let page =
            if case .connected = outcome.result { ConnectedPage.path } else { ErrorPage.path }
        return "\(settings.publicBaseURL)\(page)?\(fields.encoded)"
    }
}
