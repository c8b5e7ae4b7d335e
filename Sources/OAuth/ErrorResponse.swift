import Encoding

/// What RFC 6749 §5.2 calls an error response, told apart from a provider's trouble by what it
/// says: its status alone proves nothing.
extension ProviderAnswer {
    /// The answer's members when it is a success by status and by content; some providers say
    /// `error` with status 200.
    ///
    /// - Parameter failure: What tells of an error where `error` does not.
    /// - Throws: ``OAuthError/refused(code:status:)`` or ``OAuthError/outage(_:)``.
    func successMembers(
        unless failure: TokenResponseShape.Failure? = nil
    ) throws(OAuthError) -> JSONValue {
        let members = members
        if let error = error(in: members) { throw error }
        guard isSuccess else { throw .outage(.status(status)) }
        guard let members else { throw .outage(.unreadable(status: status)) }
        guard failure?.isTold(by: members) != true else {
            throw .refused(code: ErrorCode.other, status: status)
        }
        return members
    }

    /// The error that the answer is; `nil` when it tells of none.
    private func error(in members: JSONValue?) -> OAuthError? {
        // A server that is broken or busy says nothing about a grant, whatever it writes.
        guard status < 500, status != 429 else { return .outage(.status(status)) }
        guard let error = members?["error"], error != .null, error != .string("") else {
            return nil
        }
        let code = ErrorCode.known(error.stringValue ?? ErrorCode.other)
        if ErrorCode.isOutage(code) { return .outage(.code(code)) }
        return .refused(code: code, status: status)
    }
}
