import Headers

/// The fields of an answer on which software between the API and the caller's page acts: they would
/// speak for the host, set its state, or have its answers kept for others (SECURITY 34).
///
/// Sorted by the software that acts. Fields that only describe the answer are in none of the lists.
package enum ActingFields {
    static func contains(_ field: HeaderField) -> Bool { all.contains(field) }

    private static let all = FieldNameSet(
        names: connection.union(rewritten).union(caches).union(servers).union(browsers),
        beginnings: ["grantkeeper-"] + cacheBeginnings + serverBeginnings + browserBeginnings,
        endings: cacheEndings)

    /// Fields for the next hop only (RFC 9110 §7.6.1).
    private static let connection: Set<String> = [
        "alpn", "alt-svc", "connection", "http2-settings", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// The fields that are written again, or that only we may write.
    private static let rewritten: Set<String> = [
        "cache-control", "content-length", "server", "status", "upstream-attempts",
        "upstream-content-length", "upstream-url", "upstream-www-authenticate",
        "x-content-type-options", "x-frame-options",
    ]

    /// Shared caches before the host: a field that is meant for one overrules 'Cache-Control' (RFC
    /// 9213 §2.2), a tag makes it drop the host's answers, a key makes it give one user's answer to
    /// others.
    private static let caches: Set<String> = [
        "cf-edge-cache", "expires", "no-vary-search", "pragma", "variant-key", "variants",
        "x-magento-tags", "xkey",
    ]
    private static let cacheBeginnings = [
        "cache-group", "cache-key", "cache-tag", "cdn-", "edge-", "netlify-", "surrogate-",
        "x-cache-", "x-litespeed-", "x-lscache",
    ]
    private static let cacheEndings = ["-cache-control", "-cache-tag", "-cache-tags"]

    /// Servers before the host that serve a file, or fetch another address, where an application
    /// tells them to.
    private static let servers: Set<String> = ["priority", "x-compress-hint", "x-traffic"]
    private static let serverBeginnings = [
        "proxy-", "x-accel-", "x-lighttpd-", "x-reproxy-", "x-sendfile",
    ]

    /// Browsers: the state and actions for the whole host, and the permissions of the answer's
    /// page.
    private static let browsers: Set<String> = [
        "activate-storage-access", "allow-cross-origin-event-reporting",
        "allow-fenced-frame-automatic-beacons", "available-dictionary", "clear-site-data",
        "critical-ch", "default-style", "expect-ct", "feature-policy", "large-allocation", "nel",
        "observe-browsing-topics", "onion-location", "optional-www-authenticate", "p3p",
        "persistent-auth", "referrer-policy", "refresh", "require-document-policy",
        "service-worker-allowed", "set-login", "sourcemap", "speculation-rules",
        "strict-transport-security", "supports-loading-mode", "timing-allow-origin",
        "use-as-dictionary", "x-allow-fledge", "x-dns-prefetch-control",
        "x-permitted-cross-domain-policies", "x-sourcemap", "x-ua-compatible", "x-xss-protection",
    ]
    private static let browserBeginnings = [
        "accept-ch", "access-control-", "ad-auction-", "attribution-reporting-",
        "authentication-", "content-security-policy", "cross-origin-", "document-isolation-policy",
        "document-policy", "idp-", "integrity-policy", "origin-", "permissions-policy",
        "private-network-access-",
        "public-key-pins", "report-to", "reporting-", "sec-", "secure-session-", "set-cookie",
        "shared-storage-", "x-content-security-policy", "x-webkit-csp",
    ]
}
