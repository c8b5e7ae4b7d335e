import Connections
import Encoding
import HTTPTypes
import Web

/// `GET /grantkeeper/sessions/start`: signs the browser in that brings a ticket, once.
///
/// A browser that does not come from a page of the host is asked first: else somebody could sign a
/// victim in as himself, and collect the grant that the victim makes. What a page of an allowed
/// origin links to looks the same as what a redirect of another site's makes of that link.
struct StartSession: Endpoint {
    static let path = "/grantkeeper/sessions/start"
    private let sessions: SessionStore
    private let authentication: Authentication
    private let settings: APISettings

    init(_ sessions: SessionStore, _ authentication: Authentication, _ settings: APISettings) {
        self.sessions = sessions
        self.authentication = authentication
        self.settings = settings
    }

    var answersHead: Bool { false }
    var isForPeople: Bool { true }

    static func url(ticket: String, settings: APISettings) -> String {
        "\(settings.publicBaseURL)\(path)?ticket=\(ticket)"
    }

    func respond(to request: APIRequest) throws -> Response {
        let metadata = FetchMetadata(request.request.headers, settings: settings)
        guard !metadata.isPrefetch else { throw Problem.prefetch }
        let ticket = try request.query()["ticket"] ?? ""
        guard let user = try sessions.userID(ofTicket: ticket) else { throw Self.expired }
        if metadata.source == .foreign || metadata.isTyped || metadata.isHearsay {
            return ConfirmPage.session(user: user, ticket: ticket)
        }
        return try signIn(ticket, request)
    }

    private func signIn(_ ticket: String, _ request: APIRequest) throws -> Response {
        let cookie = SessionCookie(settings)
        let old = try cookie.value(in: request.request).flatMap { try sessions.find($0) }
        guard let redeemed = try sessions.redeem(ticket: ticket, replacing: old) else {
            throw Self.expired
        }
        // No Referrer-Policy: over a redirect the Referer is still the page where it began, never
        // the ticket, and speaks against another site's when this goes on to connect.
        var response = Response.redirect(to: redeemed.returnTo ?? settings.publicBaseURL + "/")
        response.headers[.setCookie] = cookie.set(
            redeemed.session, maxAge: Int(redeemed.seconds))
        return response
    }

    private static let expired = Problem(
        .badRequest, "invalid_ticket",
        "The link was used already, or is too old. Ask for a new one where it came from.")
}
