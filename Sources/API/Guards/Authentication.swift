import Connections
import HTTPTypes
import Headers
import Primitives
import Web

/// Identifies the caller. The first identity that is present decides: if it is invalid, the answer
/// is a 401, and the next is not tried.
struct Authentication: Sendable {
    let sessions: SessionStore
    let apiKeys: APIKeyStore
    let settings: APISettings

    /// - Returns: `nil` when no identity is given.
    /// - Throws: 401 for an invalid one, 403 for acting as another user without the right to,
    ///   400 for one that comes twice.
    func identity(of request: Request) throws -> Identity? {
        try refuseDoubled(request)
        if let key = bearerKey(request) { return try identity(key: key, request) }
        guard let identity = try ambientIdentity(request) else { return nil }
        guard request.headers[.onBehalfOf] == nil else { throw Problem.notOnBehalf }
        return identity
    }

    /// Returns the identity that a browser, or its host, sends unasked.
    private func ambientIdentity(_ request: Request) throws -> Identity? {
        if let user = vouchedUser(request) { return try identity(vouched: user, request) }
        guard let id = SessionCookie(settings).value(in: request) else { return nil }
        guard let session = try sessions.find(id, asOf: request.record.begun) else {
            throw Problem.unauthenticated("The session has expired, or was ended. Sign in again.")
        }
        guard UserID.isValid(session.userID) else {
            throw Problem.unauthenticated("The session's user cannot be one. \(UserID.rule)")
        }
        return .session(session)
    }

    /// Returns the identity of the caller where anyone may call; `nil` for an invalid one.
    func optionalIdentity(of request: Request) -> Identity? {
        (try? identity(of: request)).flatMap { $0 }
    }

    private func identity(key: String, _ request: Request) throws -> Identity {
        guard let apiKey = try apiKeys.find(key, asOf: request.record.begun) else {
            throw Problem.unauthenticated("The API key is not valid.")
        }
        guard UserID.isValid(apiKey.userID) else {
            throw Problem.unauthenticated("The API key's user cannot be one. \(UserID.rule)")
        }
        guard let user = request.headers[.onBehalfOf] else {
            return .apiKey(apiKey.caller)
        }
        guard apiKey.isSuperuser else { throw Problem.notOnBehalf }
        guard UserID.isValid(user) else {
            throw Problem(
                .badRequest, .invalidUser, "'On-Behalf-Of' is not a user id. \(UserID.rule)")
        }
        // With the user's own rights: the caller wants the user's view.
        return .apiKey(apiKey.caller(onBehalfOf: user))
    }

    private func identity(vouched user: String, _ request: Request) throws -> Identity {
        guard UserID.isValid(user) else {
            throw Problem.unauthenticated("The host's user name is not a user id. \(UserID.rule)")
        }
        let superuser = request.parameters["GRANTKEEPER_SUPERUSER"] ?? ""
        return .vouched(
            Caller(userID: user, isSuperuser: ["1", "true", "yes", "on"].contains(superuser)))
    }

    /// Refuses a doubled field (SECURITY 43): a proxy before nginx joins two by a comma, and a
    /// reader of the first would not agree with a reader of the last.
    private func refuseDoubled(_ request: Request) throws {
        if let field = request.headers[.authorization], Self.holdsTwo(credentials: field) {
            throw Problem.sentTwice("Authorization")
        }
        if request.headers[.onBehalfOf]?.contains(", ") == true {
            throw Problem.sentTwice("On-Behalf-Of")
        }
    }

    /// Whether there are two credentials. A comma alone is no proof: some schemes have it between
    /// their parameters (RFC 9110 §11.4).
    private static func holdsTwo(credentials field: String) -> Bool {
        field.lowercased().split(separator: ",").dropFirst().contains { part in
            ["bearer", "basic", "digest", "negotiate"].contains(part.split(separator: " ").first)
        }
    }

    /// Returns the bearer token if it is one of ours; the host's own credentials are ignored.
    private func bearerKey(_ request: Request) -> String? {
        guard let field = request.headers[.authorization] else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            parts[1].hasPrefix(APIKeyStore.prefix)
        else { return nil }
        return String(parts[1])
    }

    private func vouchedUser(_ request: Request) -> String? {
        guard settings.trustsUserParameter, let user = request.parameters["GRANTKEEPER_USER"],
            !user.isEmpty
        else { return nil }
        return user
    }
}

extension HTTPField.Name {
    /// The user for whom a superuser's program acts.
    static let onBehalfOf = HTTPField.Name.known("On-Behalf-Of")
}
