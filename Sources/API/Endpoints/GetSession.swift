import Connections
import Encoding
import Web

/// `GET /grantkeeper/session`: who I am.
struct GetSession: Endpoint {
    func respond(to request: APIRequest) throws -> Response {
        let caller = try request.caller()
        let expiresAt: JSONValue
        let kind: JSONValue
        switch request.identity {
        case .session(let session)?:
            kind = "session"
            expiresAt = .string(session.expiresAt.rfc3339)
        case .vouched?:
            kind = "host"
            expiresAt = .null
        default:
            kind = "apiKey"
            expiresAt = .null
        }
        return .json([
            "userId": .string(caller.userID), "superuser": .bool(caller.isSuperuser),
            "authenticatedBy": kind, "expiresAt": expiresAt,
        ])
    }
}
