import Encoding

/// A sign, in a provider's own words, that a grant is gone: all fields that the operator sets have
/// to match.
package struct RefusalSign: Equatable, Sendable {
    package var status: Int?
    package var member: MemberPath?
    /// As text.
    package var value: String?

    package init(status: Int?, member: MemberPath?, value: String?) {
        self.status = status
        self.member = member
        self.value = value
    }

    /// Whether an answer that became this error tells it. A status alone counts only where the answer
    /// says nothing by the standard: `invalid_client`, say, comes with 400 as well, and a client
    /// secret that was changed would cost every connection.
    func isTold(by answer: ProviderAnswer, refusedAs error: OAuthError) -> Bool {
        guard error.isRefusal, status == nil || status == answer.status else { return false }
        guard let member else { return !error.isStandard }
        return answer.toldMembers.flatMap { member.value(in: $0) }?.plainText == value
    }
}

extension OAuthError {
    /// Whether the provider refused, in whatever words; an outage is no refusal.
    fileprivate var isRefusal: Bool {
        switch self {
        case .refused, .malformedResponse: true
        case .outage(.status(let status, _)): (400...499).contains(status) && status != 429
        default: false
        }
    }

    /// Whether it did so by one of the standard's codes.
    fileprivate var isStandard: Bool {
        if case .refused(let code, _) = self { code != ErrorCode.other } else { false }
    }
}
