import CCurl

extension HTTPClientError {
    /// Says in our words what libcurl's result means.
    ///
    /// - Parameters:
    ///   - explanation: libcurl's own words, for the log.
    ///   - phase: How far the exchange had come.
    init(_ code: CURLcode, explanation: String, phase: Phase) {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED:
            self = .badURL(explanation)
        case CURLE_UNSUPPORTED_PROTOCOL:
            // After the request has left, this is an answer without a status line ("HTTP/0.9").
            self = phase == .connecting ? .badURL(explanation) : .malformedResponse(explanation)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self = .nameNotResolved(explanation)
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            self = .connectionFailed(explanation)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            self = .certificateRefused(explanation)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
            self = .tlsFailed(explanation)
        case CURLE_OPERATION_TIMEDOUT:
            self = .timedOut(phase)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE,
            CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_SEND_FAIL_REWIND, CURLE_UPLOAD_FAILED:
            self = .broken(phase, explanation)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            self = .malformedResponse(explanation)
        case CURLE_OUT_OF_MEMORY where phase == .sent:
            // How libcurl 7.88 says that one header line is longer than 100 KB.
            self = .headerTooLarge
        case CURLE_FILESIZE_EXCEEDED:
            self = .responseTooLarge
        case CURLE_READ_ERROR, CURLE_ABORTED_BY_CALLBACK:
            self = .bodyUnavailable
        default:
            self = .other(explanation)
        }
    }
}

extension CURLcode {
    /// For options that can fail only for want of memory.
    func ignored() {}
}
