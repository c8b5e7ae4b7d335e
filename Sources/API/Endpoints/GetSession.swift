import Encoding
import Web

/// `GET /grantkeeper/session`: who I am.
struct GetSession: Endpoint {
    func respond(to request: APIRequest) throws -> Response {
        let caller = try request.caller()
        let expiresAt: JSONValue =
            if case .session(let session)? = request.identity {
                .string(session.expiresAt.rfc3339)
            } else {
                .null
            }
        return .json([
            "userId": .string(caller.userID), "superuser": .bool(caller.isSuperuser),
            "authenticatedBy": .string(orNull: request.identity?.kind.rawValue),
            "expiresAt": expiresAt,
        ])
    }
}
