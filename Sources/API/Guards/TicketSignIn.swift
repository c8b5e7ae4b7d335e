import Connections
import HTTPTypes
import Web

/// Signs a browser in that brings a ticket, once.
struct TicketSignIn {
    private let sessions: SessionStore
    private let settings: APISettings

    init(_ sessions: SessionStore, _ settings: APISettings) {
        self.sessions = sessions
        self.settings = settings
    }

    /// Returns the user of a ticket, which remains valid.
    ///
    /// - Throws: 400 when it is not good, or not any more.
    func userID(of ticket: String) throws -> String {
        guard let user = try sessions.userID(ofTicket: ticket) else { throw Self.expired }
        return user
    }

    /// Uses a ticket up. A session that the browser had before dies with it.
    ///
    /// - Returns: The `Set-Cookie` field, and where the browser goes.
    /// - Throws: 400 when it is not good, or not any more.
    func redeem(_ ticket: String, _ request: APIRequest) throws -> (cookie: String, target: String)
    {
        let cookie = SessionCookie(settings)
        let old = try cookie.value(in: request.request).flatMap { try sessions.find($0) }
        guard let redeemed = try sessions.redeem(ticket: ticket, replacing: old) else {
            throw Self.expired
        }
        return (
            cookie.set(redeemed.session, maxAge: Int(redeemed.seconds)),
            redeemed.returnTo ?? "\(settings.publicBaseURL)/"
        )
    }

    private static let expired = Problem(
        .badRequest, .invalidTicket,
        "The link was used already, or is too old. Ask for a new one where it came from.")
}
