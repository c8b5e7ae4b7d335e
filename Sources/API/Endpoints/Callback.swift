import Connections
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
        let identity = authentication.optionalIdentity(of: request.request)
        let record = request.request.record
        record.caller = identity?.recorded
        let outcome = record.timingUpstream {
            finishConnect(
                request.request.queryForm, slug: slug.isEmpty ? nil : slug,
                browserID: BrowserCookie(settings).value(in: request.request),
                signedIn: identity?.caller)
        }
        record.integration = outcome.integration?.slug
        var response = Response.redirect(to: end(outcome).location(settings))
        // RFC 9700 §4.2: the code must not leak by the Referer field.
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }

    private func end(_ outcome: ConnectOutcome) -> FlowEnd {
        FlowEnd(
            result: result(outcome), slug: outcome.integration?.slug,
            returnTo: outcome.returnTo.flatMap { try? ReturnTo($0, settings: settings) },
            isPopup: outcome.isPopup)
    }

    private func result(_ outcome: ConnectOutcome) -> FlowEnd.Result {
        switch outcome.result {
        case .failed(let failure): return .failed(failure)
        case .connected(let connection): return FlowEnd.connected(connection, outcome.integration)
        }
    }
}
