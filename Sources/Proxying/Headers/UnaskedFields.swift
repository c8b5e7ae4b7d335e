import Headers

/// The fields that browsers, programs and proxies send by themselves. No caller misses one of them
/// at the API, so no one is told that they were left out.
package enum UnaskedFields {
    static func contains(_ field: HeaderField) -> Bool { all.contains(field) }

    private static let all = FieldNameSet(
        names: connection.union(client).union(hops),
        beginnings: [
            "access-control-request-", "cdn-", "cf-", "client-cert", "fastly-", "forwarded",
            "proxy-", "sec-", "ssl-client", "x-amzn-", "x-arr-", "x-auth-request-", "x-azure-",
            "x-client-cert", "x-cloud-trace-", "x-envoy-", "x-forward", "x-goog-iap-",
            "x-original-", "x-ssl-", "x-vercel-",
        ],
        endings: ["client-ip", "connecting-ip", "forwarded-for", "real-ip"])

    /// Fields for the connection to the host only.
    private static let connection: Set<String> = [
        "connection", "content-length", "early-data", "expect", "host", "http2-settings",
        "keep-alive", "max-forwards", "te", "trailer", "transfer-encoding", "upgrade",
    ]
    /// The caller, its software and its origin.
    private static let client: Set<String> = [
        "authorization", "cookie", "device-memory", "dnt", "downlink", "dpr", "ect", "from",
        "on-behalf-of", "origin", "pragma", "priority", "purpose", "referer", "rtt", "save-data",
        "service-worker", "upgrade-insecure-requests", "user-agent", "viewport-width", "width",
        "x-moz", "x-purpose",
    ]
    private static let hops: Set<String> = [
        "front-end-https", "via", "x-scheme", "x-url-scheme",
    ]
}
