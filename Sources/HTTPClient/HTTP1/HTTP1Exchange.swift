import HTTPTypes
import Headers

/// A response over HTTP/1.1 whose head has come.
final class HTTP1Exchange: HTTPExchange {
    let head: ResponseHead
    private var transfer: HTTP1Transfer?

    init(head: ResponseHead, transfer: HTTP1Transfer) {
        self.head = head
        self.transfer = transfer
    }

    func readAhead(waits: Bool) throws {
        try transfer?.readAhead(waits: waits)
    }

    func drain(
        to sink: (UnsafeRawBufferPointer) throws -> Void, beforeWaiting: () throws -> Void
    ) throws {
        guard let transfer else { throw HTTPClientError.other("drained twice") }
        self.transfer = nil
        // Not left to the last reference: the connection is free as soon as the body has come.
        defer { transfer.finish() }
        try transfer.runToEnd(to: sink, beforeWaiting: beforeWaiting)
    }
}
