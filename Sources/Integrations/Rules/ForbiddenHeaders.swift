import Encoding
import HTTPTypes

/// The header fields that a caller may not set in a proxied call: they are ours, the
/// connection's, or what only a proxy of the API's own would say (SECURITY 32).
package enum ForbiddenHeaders {
    package static func contains(_ name: HTTPField.Name) -> Bool {
        fields.contains(spelling(of: name))
    }

    /// A name as servers behind CGI or WSGI know it, where every sign is an underscore:
    /// `X_Forwarded_For` and `X-Forwarded-For` are one there (CVE-2025-64484).
    package static func spelling(of name: HTTPField.Name) -> String {
        let name = name.canonicalName
        guard !name.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") }) else {
            return name
        }
        return String(
            decoding: name.utf8.map { isAlphanumeric($0) ? $0 : UInt8(ascii: "-") },
            as: UTF8.self)
    }

    /// Those that say how a message is sent: only the HTTP client knows.
    static func isFraming(_ name: HTTPField.Name) -> Bool {
        framing.contains(name.canonicalName) || name.canonicalName.hasPrefix("proxy-")
    }

    private static let fields = FieldNameSet(
        names: framing.union(ours).union(routing).union(client),
        beginnings: [
            // What browsers say, and what a proxy says about what it was asked for.
            "proxy-", "sec-", "cdn-", "surrogate-", "forwarded", "x-forward", "x-original",
            "x-rewrite", "x-http-", "x-method", "x-proxy", "x-envoy-", "x-middleware-",
            "x-accel-", "x-sendfile", "x-arr-",
            // Who the client is: its certificate, or a name that was found out before.
            "client-cert", "ssl-client", "x-client-cert", "x-ssl-", "remote-", "x-remote-",
            "x-auth-request-", "x-authenticated-", "x-webauth-",
        ],
        endings: [
            "method-override", "forwarded-for", "forwarded-host", "forwarded-proto", "client-ip",
            "clientip", "connecting-ip", "connecting-ipv6", "connection-ip", "external-address",
            "originating-ip", "real-ip", "socketip",
        ])

    private static let framing: Set<String> = [
        "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
        "content-length", "expect", "http2-settings",
    ]
    private static let ours: Set<String> = [
        "authorization", "cookie", "cookie2", "origin", "referer", "on-behalf-of", "set-cookie",
    ]
    /// By which an API would take the call for another one.
    private static let routing: Set<String> = [
        "early-data", "front-end-https", "max-forwards", "proxy", "via", "x-host", "x-path-info",
        "x-request-uri", "x-scheme", "x-script-name", "x-url-scheme",
    ]
    private static let client: Set<String> = [
        "cf-ipcountry", "cf-pseudo-ipv4", "cf-ray", "cf-visitor", "cf-worker",
    ]

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte.isASCIILowercase || byte.isASCIIDigit
    }
}
