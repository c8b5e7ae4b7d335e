import Addressing
import CCurl
import Encoding

/// Tells libcurl how to connect (SECURITY 29 and 30).
struct CurlOptions {
    let configuration: CurlTransportConfiguration

    /// The time by which libcurl's limit exceeds the connection's own: past its limit, libcurl
    /// waits for the end of a name lookup.
    private static let grace = Duration.seconds(2)

    /// - Parameter connectLimit: libcurl shares it out among a name's addresses.
    func apply(to easy: UnsafeMutableRawPointer, origin: Origin, connectLimit: Duration) {
        gk_set_string(easy, CURLOPT_URL, "\(origin)/").ignored()
        gk_set_long(easy, CURLOPT_CONNECT_ONLY, 1).ignored()
        let protocols = configuration.allowHTTP ? "http,https" : "https"
        gk_set_string(easy, CURLOPT_PROTOCOLS_STR, protocols).ignored()
        gk_set_string(easy, CURLOPT_PROXY, "").ignored()
        gk_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1).ignored()
        gk_set_long(easy, CURLOPT_NOSIGNAL, 1).ignored()
        gk_set_long(easy, CURLOPT_TCP_NODELAY, 1).ignored()
        let milliseconds = min(max((connectLimit + Self.grace).inMilliseconds, 1), 3_600_000)
        gk_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds).ignored()
        setTLS(easy)
    }

    private func setTLS(_ easy: UnsafeMutableRawPointer) {
        // The offer in ALPN (RFC 7301): this client speaks HTTP/1.1.
        gk_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)).ignored()
        gk_set_long(easy, CURLOPT_SSL_SESSIONID_CACHE, 0).ignored()
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
}
