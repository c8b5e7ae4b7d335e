import Addressing
import HTTPClient
import HTTPTypes
import Integrations

/// The fields of an upstream's header that go back to the caller, and the ones that are added.
///
/// The answer is shown under the host's own origin: nothing in it may speak for the host, set its
/// state, or run as its page (SECURITY 34 and 35).
package enum ReturnedHeaders {
    /// The most bytes of all fields together. nginx has 64 KiB for the head of an answer
    /// (`fastcgi_buffer_size`), in which our own fields and FastCGI's records have to fit, too.
    static let mostBytes = 62 * 1024

    /// - Parameters:
    ///   - target: The target without the credential: relative references mean it.
    ///   - credential: The secret that must not come back, where it was sent in the query.
    /// - Throws: ``HTTPClientError/headerTooLarge``, also when only references made absolute are.
    static func make(
        from head: HTTPResponse, target: ProxyTarget, hiding credential: QueryCredential? = nil
    ) throws(HTTPClientError) -> HTTPFields {
        var headers = HTTPFields()
        var size = 0
        let named = connectionOptions(head.headerFields)
        for field in head.headerFields {
            let name = field.name.canonicalName
            if ActingFields.contains(name) || named.contains(name) { continue }
            guard let field = try rewritten(field, relativeTo: target.url, credential),
                credential?.isIn(field.value) != true
            else { continue }
            size += name.utf8.count + field.withUnsafeBytesOfValue { $0.count } + 4
            guard size <= mostBytes else { throw .headerTooLarge }
            headers.append(field)
        }
        protect(&headers, of: head)
        return headers
    }

    /// Returns the length that the upstream declared, to be declared again; never that of a missing
    /// body (RFC 9110 §8.6). A length beside a transfer encoding means nothing (RFC 9112 §6.3); a
    /// repeated one is returned once.
    static func contentLength(_ head: HTTPResponse) -> String? {
        guard !head.status.isBodiless, let length = head.headerFields[.contentLength],
            !head.headerFields.contains(.transferEncoding)
        else { return nil }
        guard let comma = length.utf8.firstIndex(of: UInt8(ascii: ",")) else { return length }
        return String(length[..<comma])
    }

    /// RFC 9110 §7.6.1: the fields that `Connection` names are for the next hop only.
    private static func connectionOptions(_ headers: HTTPFields) -> Set<String> {
        // Nearly every answer has none, or this value.
        guard let options = headers[.connection], options != "keep-alive" else { return [] }
        return Set(
            options.split(separator: ",").map {
                $0.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }.lowercased()
            })
    }

    private static func rewritten(
        _ field: HTTPField, relativeTo base: AbsoluteURL,
        _ credential: QueryCredential?
    ) throws(HTTPClientError) -> HTTPField? {
        switch field.name {
        case .wwwAuthenticate:
            // A browser would ask for a password in the host's name.
            HTTPField(name: .upstreamWWWAuthenticate, value: field.value)
        case .location, .contentLocation:
            base.resolve(field.value).map {
                HTTPField(name: field.name, value: credential?.removed(from: $0) ?? $0)
            }
        case .link:
            try links(field, relativeTo: base, credential)
        default:
            field
        }
    }

    private static func links(
        _ field: HTTPField, relativeTo base: AbsoluteURL, _ credential: QueryCredential?
    ) throws(HTTPClientError) -> HTTPField? {
        let links = try ReturnedLinks.make(
            from: field.value, base: base, hiding: credential, upTo: mostBytes)
        return links.map { HTTPField(name: field.name, value: $0) }
    }

    private static func protect(_ headers: inout HTTPFields, of head: HTTPResponse) {
        // None of them is there: an upstream's are left out above.
        headers.append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        headers.append(
            HTTPField(name: .contentSecurityPolicy, value: "sandbox; default-src 'none'"))
        headers.append(HTTPField(name: .crossOriginResourcePolicy, value: "same-origin"))
        headers.append(HTTPField(name: .cacheControl, value: "no-store"))
        let contentType = head.headerFields[.contentType]
        // Nearly every answer has this type, which a browser does not run.
        if contentType == "application/json" { return }
        guard contentType != nil || mayHaveBody(head), ActiveTypes.mayBeIn(contentType ?? "")
        else { return }
        let disposition = headers[.contentDisposition] ?? ""
        // RFC 6266 §4: the parameters after the type name the file.
        headers[.contentDisposition] = "attachment" + disposition.drop { $0 != ";" }
    }

    private static func mayHaveBody(_ head: HTTPResponse) -> Bool {
        !head.status.isBodiless && head.headerFields[.contentLength] != "0"
    }
}

extension HTTPResponse.Status {
    /// Whether no body follows, whatever the fields declare (RFC 9110 §6.4.1).
    var isBodiless: Bool { self == .noContent || self == .notModified }
}

extension HTTPField.Name {
    static let upstreamWWWAuthenticate = Self.known("Upstream-WWW-Authenticate")
    fileprivate static let link = Self.known("Link")
    static let crossOriginResourcePolicy = Self.known("Cross-Origin-Resource-Policy")
}
