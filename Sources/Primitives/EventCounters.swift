import Synchronization

/// The numbers of events in this process, for operators.
package final class EventCounters: Sendable {
    package enum Event: String, CaseIterable, Sendable {
        /// Tokens were refreshed and stored.
        case refreshed
        /// The provider was in trouble; the old tokens stay.
        case refreshFailed = "refresh_failed"
        /// The database did not take refreshed tokens at once.
        case refreshUnstored = "refresh_unstored"
        /// Refreshed tokens came for a connection that was replaced or ended.
        case refreshDiscarded = "refresh_discarded"
        /// A connection has to be authorized again.
        case grantDied = "grant_died"
        /// A provider has accepted a revocation.
        case revoked
        case revocationFailed = "revocation_failed"
        /// A grant was not revoked: too many of one user waited.
        case revocationGivenUp = "revocation_given_up"
        /// An expired row was removed.
        case purged
        /// A call was sent to its API once more.
        case callRetried = "call_retried"
        /// A call was not made: a limit, the share of the workers, a host that is left alone.
        case callRefused = "call_refused"
    }

    private let counts = Mutex<[Event: Int]>([:])

    package init() {}

    package func count(_ event: Event, times: Int = 1) {
        counts.withLock { $0[event, default: 0] += times }
    }

    package subscript(event: Event) -> Int {
        counts.withLock { $0[event] ?? 0 }
    }
}
