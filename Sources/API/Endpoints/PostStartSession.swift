import HTTPTypes
import Web

/// `POST /grantkeeper/sessions/start`: the answer of a user who was asked whether to continue.
struct PostStartSession: Endpoint {
    private let tickets: TicketSignIn

    init(_ tickets: TicketSignIn) {
        self.tickets = tickets
    }

    var isForPeople: Bool { true }

    /// - Throws: 403 for a form of another site's page: it could sign a victim in as another user.
    func respond(to request: APIRequest) throws -> Response {
        let metadata = request.fetchMetadata
        guard metadata.source != .foreign, !metadata.isTyped else { throw Problem.crossSite }
        let signedIn = try tickets.redeem(request.form()["ticket"] ?? "", request)
        // Where this goes on to is often a provider, to which no form may lead.
        var response = LeavingPage.response(title: "Signed in", to: signedIn.target)
        response.headers[.setCookie] = signedIn.cookie
        return response
    }
}
