import Connections
import HTTPClient
import Limits

/// The service's settings, as far as the domain goes by them.
package struct KeeperSettings: Sendable {
    /// The origin under which browsers reach the host, without a slash at its end.
    package var publicBaseURL: String
    package var sessions = SessionLifetimes()
    /// How long a redirect flow may take, in seconds.
    package var stateLifetime: Int64 = 600
    /// When tokens are refreshed.
    package var refreshTiming = RefreshTiming()
    /// How long a provider may take to refresh a token, in seconds.
    package var refreshTimeout: Int64 = 15
    /// Whether integrations may name `http` URLs.
    package var allowsHTTP = false
    /// Limits of a proxied call.
    package var proxyLimits = TransferLimits()
    /// How many of the workers one integration's calls may hold.
    package var workerShare = WorkerShare(percent: 100, ofWorkers: 1024)

    package init(publicBaseURL: String) {
        self.publicBaseURL = publicBaseURL
    }
}
