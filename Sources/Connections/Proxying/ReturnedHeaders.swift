import HTTPTypes

/// What of an upstream's header goes back to the caller, and what is said beside it.
///
/// The answer is shown under the host's own origin: nothing in it may speak for the host, set its
/// state, or run as its page (SECURITY.md 34 and 35).
enum ReturnedHeaders {
    private static let stripped: Set<String> = [
        "set-cookie", "set-cookie2", "status", "strict-transport-security", "clear-site-data",
        "content-security-policy", "content-security-policy-report-only", "refresh", "alt-svc",
        "service-worker-allowed", "connection", "keep-alive", "proxy-authenticate",
        "proxy-authentication-info", "proxy-connection", "proxy-status", "te", "trailer",
        "transfer-encoding", "upgrade", "content-length", "x-content-type-options",
        "cross-origin-resource-policy", "cross-origin-opener-policy",
        "cross-origin-embedder-policy", "cache-control", "pragma", "expires",
        "public-key-pins", "report-to", "nel", "server", "link", "x-frame-options", "sourcemap",
        "x-sourcemap", "origin-agent-cluster", "permissions-policy", "feature-policy",
    ]
    private static let strippedPrefixes = ["x-accel-", "access-control-"]

    static func make(
        from head: HTTPResponse, target: ProxyTarget
    ) -> HTTPFields {
        var headers = HTTPFields()
        let named = connectionOptions(head.headerFields)
        for field in head.headerFields {
            let name = field.name.canonicalName
            if stripped.contains(name) || named.contains(name)
                || strippedPrefixes.contains(where: { name.hasPrefix($0) })
            {
                continue
            }
            headers.append(rewritten(field, target))
        }
        protect(&headers, contentType: head.headerFields[.contentType])
        return headers
    }

    /// The length that the upstream declared, to be declared again.
    static func contentLength(_ head: HTTPResponse) -> String? {
        head.headerFields[.contentLength]
    }

    /// RFC 9110 §7.6.1: what `Connection` names is for the next hop only.
    private static func connectionOptions(_ headers: HTTPFields) -> Set<String> {
        Set(
            headers[values: .connection].flatMap { $0.split(separator: ",") }.map {
                $0.drop { $0 == " " }.prefix { $0 != " " }.lowercased()
            })
    }

    private static func rewritten(_ field: HTTPField, _ target: ProxyTarget) -> HTTPField {
        switch field.name {
        case .wwwAuthenticate:
            // A browser would ask for a password in the host's name.
            HTTPField(name: .upstreamWWWAuthenticate, value: field.value)
        case .location where field.value.hasPrefix("/") && !field.value.hasPrefix("//"):
            HTTPField(name: .location, value: "\(target.origin)\(field.value)")
        case .location where !field.value.contains(":") && !field.value.hasPrefix("//"):
            HTTPField(name: .location, value: target.directory + field.value)
        default:
            field
        }
    }

    private static func protect(_ headers: inout HTTPFields, contentType: String?) {
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        headers[.crossOriginResourcePolicy] = "same-origin"
        headers[.cacheControl] = "no-store"
        let disposition = headers[.contentDisposition]?.lowercased() ?? ""
        if isActive(contentType), !disposition.hasPrefix("attachment") {
            headers[.contentDisposition] = "attachment"
        }
    }

    /// Whether a browser would run what the answer holds: markup, style sheets of XML, scripts.
    private static func isActive(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        let type = contentType.prefix { $0 != ";" && $0 != " " && $0 != "," }.lowercased()
        return type.contains("html") || type.hasSuffix("xml") || type.contains("javascript")
            || type.contains("ecmascript") || type.contains("svg") || type == "text/xsl"
            || type == "application/xslt+xml" || type.hasSuffix("/mhtml")
            || type == "multipart/related" || type == "multipart/x-mixed-replace"
    }
}

extension ProxyTarget {
    /// The target up to its last slash, to make a relative `Location` absolute.
    fileprivate var directory: String {
        let path = url.prefix { $0 != "?" }
        let origin = "\(origin)"
        guard path.utf8.count > origin.utf8.count, let slash = path.lastIndex(of: "/") else {
            return origin + "/"
        }
        return String(path[...slash])
    }
}

extension HTTPField.Name {
    static let upstreamWWWAuthenticate = Self.known("Upstream-WWW-Authenticate")
    static let crossOriginResourcePolicy = Self.known("Cross-Origin-Resource-Policy")

    /// A name that is written in the source, and so is a valid one.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a field name") }
        return name
    }
}
