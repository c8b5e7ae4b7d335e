import HTTPTypes

/// The header fields that a caller may not set in a proxied call: they are ours, the
/// connection's, or would tell the upstream about the host (SECURITY.md 32).
package enum ForbiddenHeaders {
    private static let names = framing.union([
        "authorization", "cookie", "cookie2", "origin", "referer", "on-behalf-of", "forwarded",
        "via", "proxy", "set-cookie",
    ])
    private static let framing: Set<String> = [
        "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
        "content-length", "expect", "http2-settings",
    ]
    private static let prefixes = ["proxy-", "x-forwarded-", "x-accel-", "sec-"]

    package static func contains(_ name: HTTPField.Name) -> Bool {
        // Behind CGI, 'X_Forwarded_For' and 'X-Forwarded-For' are one (CVE-2025-64484).
        let name = name.canonicalName.replacing("_", with: "-")
        return names.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }

    /// Those that say how a message is sent: only the HTTP client knows.
    static func isFraming(_ name: HTTPField.Name) -> Bool {
        framing.contains(name.canonicalName) || name.canonicalName.hasPrefix("proxy-")
    }
}
