import Primitives

extension Connection {
    /// The state of a connection, as its owner and operators are told.
    package enum Standing: String, Sendable, CaseIterable {
        case active
        /// The provider has refused to refresh its token for a day, always in the same way. The
        /// token is kept and still tried, but connecting again is the likely remedy.
        case refreshFailing = "refresh_failing"
        case reauthorizationRequired = "reauthorization_required"

        /// The status as which it is stored.
        var status: Status { self == .reauthorizationRequired ? .reauthorizationRequired : .active }
    }

    package var standing: Standing {
        if status == .reauthorizationRequired { return .reauthorizationRequired }
        return refreshTrouble?.isLasting == true ? .refreshFailing : .active
    }

    /// The time since when it is in this state; where refreshing fails, the time when that began.
    package var standingSince: Timestamp {
        guard standing == .refreshFailing, let trouble = refreshTrouble else { return statusSince }
        return trouble.sameSince
    }
}
