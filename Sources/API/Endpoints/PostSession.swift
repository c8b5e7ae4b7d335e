import Connections
import Encoding
import HTTPTypes
import Web

/// `POST /grantkeeper/sessions`: an application of the host hands its user over.
struct PostSession: Endpoint {
    private let sessions: SessionStore
    private let settings: APISettings

    init(_ sessions: SessionStore, _ settings: APISettings) {
        self.sessions = sessions
        self.settings = settings
    }

    func respond(to request: APIRequest) throws -> Response {
        let wanted = try WantedSession(try request.json(), settings: settings)
        let session = try sessions.create(
            userID: wanted.userID, isSuperuser: wanted.isSuperuser, expiresIn: wanted.expiresIn,
            by: request.caller())
        let ticket = try sessions.ticket(
            forSession: session.id, userID: wanted.userID, returnTo: wanted.returnTo)
        let cookie = SessionCookie(settings)
        let seconds = Int((wanted.expiresIn ?? sessions.lifetimes.absolute).inWholeSeconds)
        return .json(
            [
                "token": .string(session.id), "cookie": .string(cookie.name),
                "setCookie": .string(cookie.set(session.id, maxAge: seconds)),
                "userId": .string(wanted.userID),
                "expiresAt": .string(session.expiresAt.rfc3339),
                "startUrl": .string(StartSession.url(ticket: ticket, settings: settings)),
            ], status: .created)
    }
}

/// The members of a request for a session.
private struct WantedSession {
    let userID: String
    let isSuperuser: Bool
    let expiresIn: Duration?
    let returnTo: String?

    init(_ json: JSONValue, settings: APISettings) throws {
        let known = ["userId", "superuser", "expiresIn", "returnTo"]
        guard let members = json.members, let userID = json["userId"]?.stringValue else {
            throw Self.invalid("'userId' is missing.")
        }
        if let unknown = members.first(where: { !known.contains($0.name) }) {
            throw Self.invalid("'\(unknown.name.prefix(64))' is not a field of a session.")
        }
        self.userID = userID
        isSuperuser =
            try Self.value(json, "superuser", expected: "true or false", \.boolValue) ?? false
        expiresIn = try Self.value(json, "expiresIn", expected: "a number of seconds", \.intValue)
            .map { .seconds($0) }
        returnTo = try Self.value(json, "returnTo", expected: "a text", \.stringValue)
            .map { try ReturnTo($0, settings: settings).url }
    }

    private static func value<T>(
        _ json: JSONValue, _ name: String, expected: String, _ read: (JSONValue) -> T?
    ) throws -> T? {
        guard let member = json[name], member != .null else { return nil }
        guard let value = read(member) else { throw invalid("'\(name)' must be \(expected).") }
        return value
    }

    private static func invalid(_ detail: String) -> Problem {
        Problem(.badRequest, .invalidSession, detail)
    }
}
