import Addressing

/// The settings of the API, beside the domain's own.
package struct APISettings: Sendable {
    /// The origin under which browsers reach the host: `https://app.example.com`.
    package var publicBaseURL: Origin
    /// Further origins whose pages may call the API with cookies.
    package var allowedOrigins: [String]
    /// Whether nginx's `GRANTKEEPER_USER` parameter says who is calling.
    package var trustsUserParameter: Bool
    /// The longest JSON body, in bytes.
    package var jsonBodyLimit: Int

    package init(
        publicBaseURL: Origin, allowedOrigins: [String] = [], trustsUserParameter: Bool = false,
        jsonBodyLimit: Int = 1_048_576
    ) {
        self.publicBaseURL = publicBaseURL
        self.allowedOrigins = allowedOrigins
        self.trustsUserParameter = trustsUserParameter
        self.jsonBodyLimit = jsonBodyLimit
    }

    var isHTTPS: Bool { publicBaseURL.isSecure }

    /// Whether pages of that origin are trusted: the host's own, and the configured ones.
    func trusts(origin: String) -> Bool {
        origin == publicBaseURL.description || allowedOrigins.contains(origin)
    }
}
