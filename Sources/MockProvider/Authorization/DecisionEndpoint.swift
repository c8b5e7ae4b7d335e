import Encoding
import HTTPTypes
import Web

/// The endpoint `POST /authorize/decide`, which takes the user's choice on the page.
struct DecisionEndpoint: MockEndpoint {
    let provider: SimulatedProvider
    let pages: Pages

    func respond(to request: Request, path: PathParameters) throws -> Response {
        let body = String(decoding: try request.body.collect(upTo: 65_536), as: UTF8.self)
        guard let form = Form(encoded: body), let id = form["request"],
            let pending = take(id), pending.expiresAt > provider.surroundings.now()
        else { return pages.refused("This page is no longer valid. Start again.") }
        guard let user = form["user"], provider.settings.users.contains(user) else {
            return pages.refused("There is no such user.")
        }
        // RFC 9700 §4.12: 303, so that the browser does not repeat the form to the client.
        return AuthorizationAnswer(provider: provider).respond(
            to: pending.request,
            Decision(isApproved: form["decision"] == "approve", user: user), status: .seeOther)
    }

    /// Takes the request of a page out, so that a page is answered once.
    private func take(_ id: String) -> AwaitedConsent? {
        provider.withState { $0.pending.removeValue(forKey: id) }
    }
}
