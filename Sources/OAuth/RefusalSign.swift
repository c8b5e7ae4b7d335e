import Encoding

/// What tells, in a provider's own words, that a grant is gone: everything that is given has to
/// hold.
package struct RefusalSign: Equatable, Sendable {
    package let status: Int?
    package let member: MemberPath?
    /// As text.
    package let value: String?

    package init(status: Int?, member: MemberPath?, value: String?) {
        self.status = status
        self.member = member
        self.value = value
    }

    func isTold(by answer: ProviderAnswer) -> Bool {
        guard status == nil || status == answer.status else { return false }
        guard let member else { return true }
        return answer.members.flatMap { member.value(in: $0) }?.plainText == value
    }
}

extension OAuthError {
    /// Whether an answer that is this error may tell of a dead grant in words of the provider's own.
    /// `invalid_client`, say, may not: a client secret that was changed would cost every connection.
    var leavesRoomForSigns: Bool {
        switch self {
        case .refused(ErrorCode.other, _), .malformedResponse: true
        case .outage(.status(let status)): (400...499).contains(status) && status != 429
        default: false
        }
    }
}
