import Connections
import HTTPClient
import HTTPTypes
import Headers
import Limits

/// An upstream's answer, its body still arriving. While it exists, the call counts as under way.
package struct ProxiedAnswer {
    package let status: HTTPResponse.Status
    /// The fields that may go to the caller, framing excluded.
    package let headers: HeaderFields
    /// The length that the upstream declared.
    package let contentLength: String?
    /// The names of the caller's fields that were not sent (``ForwardedHeaders/droppedNames``).
    package let droppedHeaders: String?
    /// The URL that answered, when redirects were followed.
    package let redirectedTo: String?
    /// Whether each piece is to reach the caller as soon as it arrives.
    package let isStreamed: Bool
    /// The number of times that the call was sent.
    package let attempts: Int
    /// The slug of the integration that it went through.
    package let integration: String
    private let exchange: any HTTPExchange
    private let permit: CallPermit

    /// - Throws: ``ConnectionsError/upstream(_:attempts:)`` when the head is too large to pass on,
    ///   or the body breaks off at its beginning.
    init(
        _ exchange: any HTTPExchange, to call: PreparedCall, with credential: Credential,
        attempts: Int, permit: CallPermit
    ) throws {
        status = exchange.head.status
        isStreamed = StreamedTypes.contain(
            exchange.head.headerFields[.contentType],
            beside: call.integration.definition.streamedTypes)
        do {
            headers = try ReturnedHeaders.make(
                from: exchange.head, target: call.target,
                hiding: call.integration.definition.queryCredential(credential))
            // As long as nothing was passed on, an answer that breaks off is an error of its own.
            try exchange.readAhead(waits: !isStreamed)
        } catch let error as HTTPClientError {
            throw ConnectionsError.upstream(error, attempts: attempts)
        }
        contentLength = ReturnedHeaders.contentLength(exchange.head)
        droppedHeaders = call.droppedHeaders
        redirectedTo = call.redirectedTo
        self.attempts = attempts
        integration = call.integration.slug
        self.exchange = exchange
        self.permit = permit
    }

    /// Passes the body on as it arrives (``HTTPExchange/drain(to:beforeWaiting:)``); once.
    package func drain(
        to sink: (UnsafeRawBufferPointer) throws -> Void, beforeWaiting: () throws -> Void
    ) throws {
        try exchange.drain(to: sink, beforeWaiting: beforeWaiting)
    }
}
