import HTTPTypes

/// What of an upstream's header goes back to the caller, and what is said beside it.
///
/// The answer is shown under the host's own origin: nothing in it may speak for the host, set its
/// state, or run as its page (SECURITY.md 34 and 35).
enum ReturnedHeaders {
    private static let stripped = FieldNameSet(
        names: [
            // The connection, and what is said anew.
            "connection", "keep-alive", "proxy-authenticate", "proxy-authentication-info",
            "proxy-connection", "proxy-status", "te", "trailer", "transfer-encoding", "upgrade",
            "content-length", "server", "status", "cache-control", "pragma", "expires",
            "content-security-policy", "content-security-policy-report-only",
            "x-content-type-options", "x-frame-options",
            // What a browser keeps, or does, for the whole host.
            "accept-ch", "activate-storage-access", "alt-svc", "authentication-info",
            "clear-site-data", "critical-ch", "document-policy", "expect-ct", "feature-policy",
            "integrity-policy", "nel", "observe-browsing-topics", "optional-www-authenticate",
            "origin-agent-cluster", "permissions-policy", "public-key-pins",
            "public-key-pins-report-only", "refresh", "report-to", "reporting-endpoints",
            "service-worker-allowed", "set-cookie", "set-cookie2", "set-login", "sourcemap",
            "speculation-rules", "strict-transport-security",
            "supports-loading-mode", "timing-allow-origin", "use-as-dictionary",
            "x-dns-prefetch-control", "x-permitted-cross-domain-policies", "x-sourcemap",
        ],
        beginnings: [
            "x-accel-", "access-control-", "attribution-reporting-", "cross-origin-", "sec-",
        ])

    /// - Parameters:
    ///   - target: What was called, without the credential: relative references mean it.
    ///   - credential: What must not come back, where it went in the query.
    static func make(
        from head: HTTPResponse, target: ProxyTarget, hiding credential: QueryCredential? = nil
    ) -> HTTPFields {
        var base: AbsoluteURL? { AbsoluteURL(target.url) }
        var headers = HTTPFields()
        let named = connectionOptions(head.headerFields)
        for field in head.headerFields {
            let name = field.name.canonicalName
            if stripped.contains(name) || named.contains(name) { continue }
            guard let field = rewritten(field, relativeTo: base, credential),
                credential?.isIn(field.value) != true
            else { continue }
            headers.append(field)
        }
        protect(&headers, contentType: head.headerFields[.contentType] ?? "")
        return headers
    }

    /// The length that the upstream declared, to be declared again. One that stands beside a
    /// transfer encoding means nothing (RFC 9112 §6.3); one that was said twice is said once.
    static func contentLength(_ head: HTTPResponse) -> String? {
        guard let length = head.headerFields[.contentLength],
            !head.headerFields.contains(.transferEncoding)
        else { return nil }
        guard let comma = length.utf8.firstIndex(of: UInt8(ascii: ",")) else { return length }
        return String(length[..<comma])
    }

    /// RFC 9110 §7.6.1: what `Connection` names is for the next hop only.
    private static func connectionOptions(_ headers: HTTPFields) -> Set<String> {
        // Nearly every answer has none, or this.
        guard let options = headers[.connection], options != "keep-alive" else { return [] }
        return Set(
            options.split(separator: ",").map {
                $0.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }.lowercased()
            })
    }

    private static func rewritten(
        _ field: HTTPField, relativeTo base: @autoclosure () -> AbsoluteURL?,
        _ credential: QueryCredential?
    ) -> HTTPField? {
        switch field.name {
        case .wwwAuthenticate:
            // A browser would ask for a password in the host's name.
            HTTPField(name: .upstreamWWWAuthenticate, value: field.value)
        case .location, .contentLocation:
            base()?.resolve(field.value).map {
                HTTPField(name: field.name, value: credential?.removed(from: $0) ?? $0)
            }
        case .link:
            base().flatMap { ReturnedLinks.make(from: field.value, base: $0, hiding: credential) }
                .map { HTTPField(name: field.name, value: $0) }
        default:
            field
        }
    }

    private static func protect(_ headers: inout HTTPFields, contentType: String) {
        // None of them is there: an upstream's are left out above.
        headers.append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        headers.append(
            HTTPField(name: .contentSecurityPolicy, value: "sandbox; default-src 'none'"))
        headers.append(HTTPField(name: .crossOriginResourcePolicy, value: "same-origin"))
        headers.append(HTTPField(name: .cacheControl, value: "no-store"))
        // Nearly every answer is that, and nothing that a browser would run.
        if contentType == "application/json" { return }
        let disposition = headers[.contentDisposition]?.lowercased() ?? ""
        // Of several types, readers take the first or the last.
        if contentType.split(separator: ",").contains(where: isActive),
            !disposition.hasPrefix("attachment")
        {
            // RFC 6266 §4: what follows the type is the file's name.
            let parameters = headers[.contentDisposition]?.drop { $0 != ";" } ?? ""
            headers[.contentDisposition] = "attachment" + parameters
        }
    }

    /// Whether a browser would run what the answer holds: markup, style sheets of XML, scripts.
    private static func isActive(_ contentType: Substring) -> Bool {
        let type = contentType.drop { $0 == " " }.prefix { $0 != ";" && $0 != " " }.lowercased()
        return type.contains("html") || type.hasSuffix("xml") || type.contains("javascript")
            || type.contains("ecmascript") || type.contains("svg") || type == "text/xsl"
            || type == "application/xslt+xml" || type.hasSuffix("/mhtml")
            || type == "multipart/related" || type == "multipart/x-mixed-replace"
    }
}

extension HTTPField.Name {
    static let upstreamWWWAuthenticate = Self.known("Upstream-WWW-Authenticate")
    fileprivate static let link = Self.known("Link")
    static let crossOriginResourcePolicy = Self.known("Cross-Origin-Resource-Policy")

    /// A name that is written in the source, and so is a valid one.
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a field name") }
        return name
    }
}
