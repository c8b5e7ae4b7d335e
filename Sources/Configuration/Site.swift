import Addressing

/// A site as browsers have it: the scheme, and the domain that someone registered (HTML
/// standard, "same site"). Cookies with `SameSite=Lax` come along with the calls of its pages, and of
/// no other's.
package struct Site: Equatable, Sendable {
    private let isSecure: Bool
    /// The registered domain; the host itself where there is none, as for an address.
    private let domain: String

    package init(of origin: Origin, _ suffixes: PublicSuffixes) {
        isSecure = origin.isSecure
        domain = origin.address != nil ? origin.host : suffixes.domain(of: origin.host)
    }
}

extension Configuration {
    /// Returns the `allowedOrigins` that are another site than the service: browsers keep the
    /// session cookie back from their pages' calls.
    package func originsOfOtherSites(_ suffixes: PublicSuffixes) -> [Origin] {
        let own = Site(of: publicBaseURL, suffixes)
        return allowedOrigins.filter { Site(of: $0, suffixes) != own }
    }

    /// Returns a warning for an operator about such an origin.
    package func remark(onOtherSite origin: Origin) -> String {
        "allowedOrigins: \(origin) is another site than \(publicBaseURL): its pages can be returned to,"
            + " but browsers keep the session cookie (SameSite=Lax) back from their calls, which are a"
            + " 401; serve it from the same scheme and domain, or through a server of its own with an"
            + " API key"
    }
}
