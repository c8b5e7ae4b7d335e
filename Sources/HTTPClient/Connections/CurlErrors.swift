import CCurl

extension HTTPClientError {
    /// Says in our words why libcurl could not connect.
    ///
    /// - Parameter explanation: libcurl's own words, for the log.
    init(connecting code: CURLcode, explanation: String) {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED, CURLE_UNSUPPORTED_PROTOCOL:
            self = .badURL(explanation)
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
            self = .timedOut(.connecting)
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR:
            self = .broken(.connecting, explanation)
        default:
            self = .other(explanation)
        }
    }
}

extension CURLcode {
    /// Ignores the result of an option that can fail only when memory runs out.
    func ignored() {}
}
