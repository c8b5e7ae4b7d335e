import HTTPTypes

/// The header fields that a caller may not set in a proxied call: they are ours, the
/// connection's, or would tell the upstream about the host (SECURITY.md 32).
package enum ForbiddenHeaders {
    private static let names: Set<String> = [
        "authorization", "cookie", "cookie2", "origin", "referer", "on-behalf-of", "host",
        "forwarded", "via", "connection", "keep-alive", "te", "trailer", "transfer-encoding",
        "upgrade", "content-length", "expect", "http2-settings", "proxy", "set-cookie",
    ]
    private static let prefixes = ["proxy-", "x-forwarded-", "x-accel-", "sec-"]

    package static func contains(_ name: HTTPField.Name) -> Bool {
        // Behind CGI, 'X_Forwarded_For' and 'X-Forwarded-For' are one (CVE-2025-64484).
        let name = name.canonicalName.replacing("_", with: "-")
        return names.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }
}
