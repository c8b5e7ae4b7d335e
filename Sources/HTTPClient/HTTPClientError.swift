/// The reason for which a transfer failed. The details are for the log, never for a client.
package enum HTTPClientError: Error, Equatable {
    /// The URL is malformed, or its scheme is not allowed.
    case badURL(String)
    /// A method or header field that can't be sent as it stands; nothing was sent.
    case badRequest(String)
    /// The name resolves to an address that may not be called (SECURITY 29).
    case addressRefused(String)
    case nameNotResolved(String)
    case connectionFailed(String)
    case tlsFailed(String)
    /// The server's certificate is not one for the host, or is not trusted.
    case certificateRefused(String)
    /// A limit of ``TransferLimits`` ran out.
    case timedOut(Phase)
    /// The connection broke; ``Phase`` says how far the exchange had come.
    case broken(Phase, String)
    /// A kept connection broke after the request had left, without a byte of an answer: most
    /// likely the server had closed it before and has not seen the request, but that is uncertain.
    case keptConnectionDied
    /// The answer is not HTTP.
    case malformedResponse(String)
    case headerTooLarge
    case responseTooLarge
    /// The body to send could not be read to its end; an error of its reader is thrown instead.
    case bodyUnavailable
    /// The sender of the body has stopped sending it.
    case bodyStalled
    /// No one waits for the answer any more.
    case abandoned
    /// The connections that the server is given were in use for as long as a request waits for one.
    case noTurn
    case other(String)

    package enum Phase: String, Sendable {
        /// Nothing of the request has been sent.
        case connecting
        /// The request may have reached the server.
        case sent
        /// The head of the answer has come.
        case body
    }

    /// Whether no connection could be made.
    package var isAboutConnecting: Bool {
        switch self {
        case .nameNotResolved, .connectionFailed, .tlsFailed, .certificateRefused,
            .timedOut(.connecting), .broken(.connecting, _):
            true
        default: false
        }
    }
}
