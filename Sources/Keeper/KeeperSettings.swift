import Addressing
import Connections
import HTTPClient
import Limits

/// The service's settings, as far as the domain uses them.
package struct KeeperSettings: Sendable {
    /// The origin under which browsers reach the host.
    package var publicBaseURL: Origin
    package var sessions = SessionLifetimes()
    /// The time that a redirect flow may take.
    package var stateLifetime = Duration.seconds(600)
    /// The times at which tokens are refreshed.
    package var refreshTiming = RefreshTiming()
    /// The longest time that a provider may take to refresh a token.
    package var refreshTimeout = Duration.seconds(15)
    /// Whether integrations may name `http` URLs.
    package var allowsHTTP = false
    /// Limits of a proxied call.
    package var proxyLimits = TransferLimits()
    /// The share of the workers that one integration's calls may hold.
    package var workerShare = WorkerShare(percent: 100, ofWorkers: 1024)

    package init(publicBaseURL: Origin) {
        self.publicBaseURL = publicBaseURL
    }
}
