import Encoding

/// The error response of RFC 6749 §5.2, told apart from an outage of the provider by its content:
/// its status alone proves nothing.
extension ProviderAnswer {
    /// Returns the answer's members when it is a success by status and by content; some providers
    /// say `error` with status 200.
    ///
    /// - Throws: ``OAuthError/refused(code:status:)`` or ``OAuthError/outage(_:)``.
    @discardableResult
    func successMembers() throws(OAuthError) -> JSONValue {
        let members = toldMembers
        if let error = error(in: members) { throw error }
        guard isSuccess else { throw .outage(.status(status, pacing: pacing)) }
        guard let members else { throw .outage(.unreadable(status: status)) }
        return members
    }

    /// Returns the reading of a success that has an access token, with any text beside it.
    ///
    /// One whose end is missing has the refresh token, too: else the missing part may be just that,
    /// and the old one is better tried soon, while the provider may still take it.
    ///
    /// - Throws: ``OAuthError``.
    func tokens(by shape: TokenResponseShape) throws(OAuthError) -> AnswerReading {
        guard isSuccess else {
            try successMembers()
            throw .outage(.unreadable(status: status))
        }
        guard let reading = reading(by: shape) else {
            throw flaw ?? .outage(.unreadable(status: status))
        }
        let tokens = shape.tokens(in: reading.members)
        if let error = error(in: reading.members, hasToken: tokens != nil) { throw error }
        guard !shape.isFailure(reading.members) else {
            throw .refused(code: ErrorCode.other, status: status)
        }
        guard let tokens else {
            throw flaw ?? .malformedResponse("there is no access token")
        }
        guard !reading.isCutOff || shape.text(.refreshToken, in: tokens) != nil else {
            throw flaw ?? .outage(.unreadable(status: status))
        }
        return reading
    }

    /// Returns the error that the answer reports; `nil` when it reports none.
    ///
    /// - Parameter hasToken: Whether it gives an access token: only a code that is known for an error
    ///   says then that it is one. `"error": false` does not, nor does `"error": "none"`.
    private func error(in members: JSONValue?, hasToken: Bool = false) -> OAuthError? {
        // A server that is broken or busy says nothing about a grant, whatever it writes.
        guard status < 500, status != 429 else { return .outage(.status(status, pacing: pacing)) }
        guard let error = members?["error"], error != .null, error != .string("") else {
            return nil
        }
        let code = ErrorCode.known(error.stringValue ?? ErrorCode.other)
        if hasToken, code == ErrorCode.other { return nil }
        if ErrorCode.isOutage(code) { return .outage(.code(code, pacing: pacing)) }
        return .refused(code: code, status: status)
    }
}
