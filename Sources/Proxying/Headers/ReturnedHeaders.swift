import Addressing
import HTTPClient
import HTTPTypes
import Headers
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
        from head: ResponseHead, target: ProxyTarget, hiding credential: QueryCredential? = nil
    ) throws(HTTPClientError) -> HeaderFields {
        var headers = HeaderFields()
        var size = 0
        headers.reserve(head.headerFields.count + 6)
        let named = connectionOptions(head.headerFields)
        for field in head.headerFields {
            if ActingFields.contains(field) { continue }
            if !named.isEmpty, named.contains(field.canonicalName) { continue }
            guard let field = try rewritten(field, relativeTo: target.url, credential),
                credential?.isIn(field.value) != true
            else { continue }
            size += field.byteCount
            guard size <= mostBytes else { throw .headerTooLarge }
            headers.append(field)
        }
        protect(&headers, of: head)
        return headers
    }

    /// Returns the length that the upstream declared, to be declared again; never that of a missing
    /// body (RFC 9110 §8.6). A length beside a transfer encoding means nothing (RFC 9112 §6.3); a
    /// repeated one is returned once.
    static func contentLength(_ head: ResponseHead) -> String? {
        guard !head.status.isBodiless, let length = head.headerFields[.contentLength],
            !head.headerFields.contains(.transferEncoding)
        else { return nil }
        guard let comma = length.utf8.firstIndex(of: UInt8(ascii: ",")) else { return length }
        return String(length[..<comma])
    }

    /// RFC 9110 §7.6.1: the fields that `Connection` names are for the next hop only.
    private static func connectionOptions(_ headers: HeaderFields) -> Set<String> {
        // Nearly every answer has none, or this value.
        guard let options = headers[.connection], options != "keep-alive" else { return [] }
        return Set(
            options.split(separator: ",").map {
                $0.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }.lowercased()
            })
    }

    private static func rewritten(
        _ field: HeaderField, relativeTo base: AbsoluteURL,
        _ credential: QueryCredential?
    ) throws(HTTPClientError) -> HeaderField? {
        guard rewrittenNames.contains(field) else { return field }
        switch field.name {
        case .wwwAuthenticate:
            // A browser would ask for a password in the host's name.
            return field.renamed(.upstreamWWWAuthenticate)
        case .location, .contentLocation:
            return base.resolve(field.value).map {
                HeaderField(name: field.name, value: credential?.removed(from: $0) ?? $0)
            }
        case .link: return try links(field, relativeTo: base, credential)
        default: return field
        }
    }

    private static let rewrittenNames = FieldNameSet(names: [
        "content-location", "link", "location", "www-authenticate",
    ])

    private static func links(
        _ field: HeaderField, relativeTo base: AbsoluteURL, _ credential: QueryCredential?
    ) throws(HTTPClientError) -> HeaderField? {
        let links = try ReturnedLinks.make(
            from: field.value, base: base, hiding: credential, upTo: mostBytes)
        return links.map { HeaderField(name: field.name, value: $0) }
    }

    private static func protect(_ headers: inout HeaderFields, of head: ResponseHead) {
        // None of them is there: an upstream's are left out above.
        for field in protection { headers.append(field) }
        let contentType = head.headerFields[.contentType]
        // Nearly every answer has this type, which a browser does not run.
        if contentType == "application/json" { return }
        guard contentType != nil || mayHaveBody(head), ActiveTypes.mayBeIn(contentType ?? "")
        else { return }
        let disposition = headers[.contentDisposition] ?? ""
        // RFC 6266 §4: the parameters after the type name the file.
        headers[.contentDisposition] = "attachment" + disposition.drop { $0 != ";" }
    }

    private static let protection: HeaderFields = [
        .xContentTypeOptions: "nosniff", .contentSecurityPolicy: "sandbox; default-src 'none'",
        .crossOriginResourcePolicy: "same-origin", .cacheControl: "no-store",
    ]

    private static func mayHaveBody(_ head: ResponseHead) -> Bool {
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
