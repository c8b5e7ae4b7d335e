import Addressing

/// The configuration of a ``CurlTransport``: how it connects, and the connections that it keeps.
package struct CurlTransportConfiguration: Sendable {
    /// Whether `http:` URLs are allowed beside `https:`.
    package var allowHTTP: Bool
    /// Exceptions from the address guard.
    package var allowedNetworks: [IPNetwork]
    /// A PEM file of certificate authorities that are trusted in addition to the system's, which
    /// come from libcurl's directory of them (on Debian `/etc/ssl/certs`).
    package var caFile: String?
    /// Sent with requests that have no `User-Agent` of their own.
    package var userAgent: String
    /// The most idle connections that are kept, in all and for each origin.
    package var idleConnections: Int
    package var idleConnectionsPerOrigin: Int
    /// The longest time for which an idle connection is kept, whatever a request says.
    package var idleConnectionLifetime: Duration

    package init(
        allowHTTP: Bool = false, allowedNetworks: [IPNetwork] = [], caFile: String? = nil,
        userAgent: String = "Grantkeeper", idleConnections: Int = 256,
        idleConnectionsPerOrigin: Int = 64, idleConnectionLifetime: Duration = .seconds(600)
    ) {
        self.allowHTTP = allowHTTP
        self.allowedNetworks = allowedNetworks
        self.caFile = caFile
        self.userAgent = userAgent
        self.idleConnections = idleConnections
        self.idleConnectionsPerOrigin = idleConnectionsPerOrigin
        self.idleConnectionLifetime = idleConnectionLifetime
    }
}
