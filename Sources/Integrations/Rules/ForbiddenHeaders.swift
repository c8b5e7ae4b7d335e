import Encoding
import HTTPTypes
import Headers

/// The header fields that a caller may not set in a proxied call: Grantkeeper's, the connection's,
/// and those that only a proxy in front of the API sets (SECURITY 32).
package enum ForbiddenHeaders {
    package static func contains(_ name: HTTPField.Name) -> Bool {
        fields.contains(spelling(of: name))
    }

    package static func contains(_ field: HeaderField) -> Bool {
        let isPlain = field.withUnsafeBytesOfName { name in
            name.allSatisfy { isAlphanumeric($0.asciiLowercased) || $0 == UInt8(ascii: "-") }
        }
        return isPlain ? fields.contains(field) : contains(field.name)
    }

    /// Returns a name as servers behind CGI or WSGI read it. They turn every sign into an
    /// underscore: to them, `X_Forwarded_For` is `X-Forwarded-For` (CVE-2025-64484).
    package static func spelling(of name: HTTPField.Name) -> String {
        let name = name.canonicalName
        guard !name.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") }) else {
            return name
        }
        return String(
            decoding: name.utf8.map { isAlphanumeric($0) ? $0 : UInt8(ascii: "-") },
            as: UTF8.self)
    }

    /// Returns whether a field says how a message is sent, which only the HTTP client knows.
    static func isFraming(_ name: HTTPField.Name) -> Bool {
        framing.contains(name.canonicalName) || name.canonicalName.hasPrefix("proxy-")
    }

    private static let fields = FieldNameSet(
        names: framing.union(ours).union(routing).union(client),
        beginnings: [
            // Fields of browsers, and fields in which a proxy describes the original request.
            "proxy-", "sec-", "cdn-", "surrogate-", "forwarded", "x-forward", "x-original",
            "x-rewrite", "x-http-", "x-method", "x-proxy", "x-envoy-", "x-middleware-",
            "x-accel-", "x-sendfile", "x-arr-",
            // Fields that say who the client is: its certificate, or a name established earlier.
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
    /// Fields that would make an API take the call for another one.
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
