import Connections
import HTTPTypes
import Web

/// `DELETE /grantkeeper/session`: logs out, and kills the flows that the session began.
struct DeleteSession: Endpoint {
    private let sessions: SessionStore
    private let settings: APISettings

    init(_ sessions: SessionStore, _ settings: APISettings) {
        self.sessions = sessions
        self.settings = settings
    }

    func respond(to request: APIRequest) throws -> Response {
        try sessions.end(request.caller())
        var response = Response.noContent
        response.headers[.setCookie] = SessionCookie(settings).removal
        return response
    }
}
