/// The service's version: the only place that the commands, the API's description, the metrics and
/// requests to other servers take it from.
package enum Version {
    /// The version by Semantic Versioning 2.0.0. The changelog's first entry is about it.
    package static let current = "0.1.0"
    /// The service's name and version as a value of `User-Agent` (RFC 9110 §10.1.5).
    package static let userAgent = "Grantkeeper/\(current)"
}
