import HTTPTypes
import Web

/// `GET /grantkeeper/sessions/start`: the address that an application gives to its user's browser.
///
/// Only a browser that says that a page of the host led it here is signed in at once. Any other is
/// asked first, by a page whose form signs in (``PostStartSession``): else an attacker could sign a
/// victim in as himself, and collect the grant that the victim makes; and a program that only
/// fetches links would use the ticket up (SECURITY 48). A link on an allowed
/// origin's page cannot be told from one that another site has redirected.
struct StartSession: Endpoint {
    static let path = "/grantkeeper/sessions/start"
    private let tickets: TicketSignIn

    init(_ tickets: TicketSignIn) {
        self.tickets = tickets
    }

    var answersHead: Bool { false }
    var isForPeople: Bool { true }

    static func url(ticket: String, settings: APISettings) -> String {
        "\(settings.publicBaseURL)\(path)?ticket=\(ticket)"
    }

    func respond(to request: APIRequest) throws -> Response {
        let metadata = request.fetchMetadata
        guard !metadata.isPrefetch else { throw Problem.prefetch }
        let ticket = try request.query()["ticket"] ?? ""
        let user = try tickets.userID(of: ticket)
        guard metadata.isSaidToBeTrusted else {
            return ConfirmPage.session(user: user, ticket: ticket)
        }
        let signedIn = try tickets.redeem(ticket, request)
        // No Referrer-Policy: over a redirect the Referer is still the page where it began, never
        // the ticket, and speaks against another site's when this goes on to connect.
        var response = Response.redirect(to: signedIn.target)
        response.headers[.setCookie] = signedIn.cookie
        return response
    }
}
