import CCurl
import HTTPTypes

/// Tells libcurl what a request is; everything else about the handle is set each time anew.
struct CurlOptions {
    /// Bodies in memory up to here leave together with the head, in one segment.
    static let largestInlineBody = 65_536

    let configuration: CurlTransportConfiguration

    /// - Throws: ``HTTPClientError/badRequest(_:)`` when the request can't be sent as it stands.
    func apply(
        _ request: OutgoingRequest, url: OutgoingURL, to handle: CurlHandle
    ) throws(HTTPClientError) {
        setSafety(handle.easy)
        setConnection(request, handle.easy)
        setTLS(handle.easy)
        gk_set_string(handle.easy, CURLOPT_URL, url.text).ignored()
        gk_set_string(handle.easy, CURLOPT_USERAGENT, configuration.userAgent).ignored()
        let hasBody = try setMethodAndBody(request, handle.easy)
        try handle.headerLines.fill(with: request.headers, hasBody: hasBody)
        gk_set_pointer(handle.easy, CURLOPT_HTTPHEADER, handle.headerLines.list()).ignored()
    }

    /// SECURITY 30 and 31.
    private func setSafety(_ easy: UnsafeMutableRawPointer) {
        let protocols = configuration.allowHTTP ? "http,https" : "https"
        gk_set_string(easy, CURLOPT_PROTOCOLS_STR, protocols).ignored()
        gk_set_string(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https").ignored()
        gk_set_long(easy, CURLOPT_FOLLOWLOCATION, 0).ignored()
        gk_set_string(easy, CURLOPT_PROXY, "").ignored()
        gk_set_long(easy, CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)).ignored()
        gk_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1).ignored()
        gk_set_long(easy, CURLOPT_PATH_AS_IS, 1).ignored()
        gk_set_long(easy, CURLOPT_HTTP09_ALLOWED, 0).ignored()
        gk_set_long(easy, CURLOPT_HTTP_CONTENT_DECODING, 0).ignored()
    }

    private func setConnection(
        _ request: OutgoingRequest, _ easy: UnsafeMutableRawPointer
    ) {
        // Without these two, a hanging name lookup outlives every time limit.
        gk_set_long(easy, CURLOPT_NOSIGNAL, 1).ignored()
        gk_set_long(easy, CURLOPT_QUICK_EXIT, 1).ignored()
        gk_set_long(easy, CURLOPT_TCP_NODELAY, 1).ignored()
        gk_set_long(easy, CURLOPT_BUFFERSIZE, 65_536).ignored()
        // libcurl shares this out among a name's addresses; the limit itself is ours.
        let connect = Int(min(max(request.limits.connect * 1_000, 1), 3_600_000))
        gk_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, connect).ignored()
        if request.connection == .fresh {
            gk_set_long(easy, CURLOPT_FRESH_CONNECT, 1).ignored()
            gk_set_long(easy, CURLOPT_FORBID_REUSE, 1).ignored()
        }
    }

    private func setTLS(_ easy: UnsafeMutableRawPointer) {
        gk_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)).ignored()
        gk_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1).ignored()
        gk_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2).ignored()
        gk_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)).ignored()
        // The directory of the system's authorities is read as needed; its bundle of all of them
        // would be parsed for each connection.
        if let caFile = configuration.caFile {
            gk_set_string(easy, CURLOPT_CAINFO, caFile).ignored()
        } else if Self.hasAuthorityDirectory {
            gk_set_string(easy, CURLOPT_CAINFO, nil).ignored()
        }
    }

    private static let hasAuthorityDirectory =
        gk_default_authority_directory() != nil

    /// - Returns: Whether a body is sent, an empty one included.
    private func setMethodAndBody(
        _ request: OutgoingRequest, _ easy: UnsafeMutableRawPointer
    ) throws(HTTPClientError) -> Bool {
        let method = request.method
        guard method != .connect, method != .trace else { throw .badRequest("method \(method)") }
        guard method != .head else {
            // RFC 9110 §9.3.2: content in a HEAD request means nothing.
            guard case .none = request.body else { throw .badRequest("HEAD with a body") }
            gk_set_long(easy, CURLOPT_NOBODY, 1).ignored()
            return false
        }
        let hasBody = setBody(request.body, method, easy)
        gk_set_string(easy, CURLOPT_CUSTOMREQUEST, method.rawValue).ignored()
        return hasBody
    }

    private func setBody(
        _ body: OutgoingBody, _ method: HTTPRequest.Method, _ easy: UnsafeMutableRawPointer
    ) -> Bool {
        switch body {
        case .none where method == .get || method == .delete || method == .options:
            gk_set_long(easy, CURLOPT_HTTPGET, 1).ignored()
            return false
        case .none:
            // RFC 9110 §8.6: the others send Content-Length: 0 when they have no content.
            setInlineBody([], easy)
        case .bytes(let bytes) where bytes.count <= Self.largestInlineBody:
            setInlineBody(bytes, easy)
        case .bytes(let bytes):
            setUpload(length: Int64(bytes.count), easy)
        case .stream(let length, _, _):
            setUpload(length: length, easy)
        }
        return true
    }

    private func setInlineBody(_ bytes: [UInt8], _ easy: UnsafeMutableRawPointer) {
        gk_set_long(easy, CURLOPT_POST, 1).ignored()
        gk_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)).ignored()
        bytes.withUnsafeBytes { bytes in
            let text = bytes.bindMemory(to: CChar.self).baseAddress
            if let text { gk_set_string(easy, CURLOPT_COPYPOSTFIELDS, text).ignored() }
        }
        if bytes.isEmpty { gk_set_string(easy, CURLOPT_COPYPOSTFIELDS, "").ignored() }
    }

    /// HTTP/2 would do, but when the server answers in full before it has read all of an upload,
    /// libcurl 7.88 waits for room to send that never comes, in a busy loop (seen with nginx).
    private func setUpload(length: Int64?, _ easy: UnsafeMutableRawPointer) {
        gk_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)).ignored()
        gk_set_long(easy, CURLOPT_UPLOAD, 1).ignored()
        gk_set_size(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(length ?? -1)).ignored()
    }
}
