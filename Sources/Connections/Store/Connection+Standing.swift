import Primitives

extension Connection {
    /// How a connection is, as its owner and operators are told.
    package enum Standing: String, Sendable, CaseIterable {
        case active
        /// The provider has refused to refresh its token for a day, always alike. The token is kept and
        /// still tried, but connecting again is what will help.
        case refreshFailing = "refresh_failing"
        case reauthorizationRequired = "reauthorization_required"

        /// As which it is stored.
        var status: Status { self == .reauthorizationRequired ? .reauthorizationRequired : .active }
    }

    package var standing: Standing {
        if status == .reauthorizationRequired { return .reauthorizationRequired }
        return refreshTrouble?.isLasting == true ? .refreshFailing : .active
    }

    /// Since when it is as it is; for one whose refreshing fails, when that began.
    package var standingSince: Timestamp {
        guard standing == .refreshFailing, let trouble = refreshTrouble else { return statusSince }
        return trouble.sameSince
    }
}
