import HTTPTypes

/// An answer that comes over libcurl. When the transfer has ended well its handle, with the
/// connection, goes back to the pool; otherwise both are closed.
final class CurlExchange: HTTPExchange {
    let head: HTTPResponse
    private var transfer: CurlTransfer?
    private let pool: CurlHandlePool
    private let origin: String

    init(head: HTTPResponse, transfer: CurlTransfer, pool: CurlHandlePool, origin: String) {
        self.head = head
        self.transfer = transfer
        self.pool = pool
        self.origin = origin
    }

    deinit {
        end()
    }

    func drain(
        to sink: (UnsafeRawBufferPointer) throws -> Void, beforeWaiting: () throws -> Void
    ) throws {
        guard let transfer else { throw HTTPClientError.other("drained twice") }
        defer { end() }
        try transfer.runToEnd(to: sink, beforeWaiting: beforeWaiting)
    }

    private func end() {
        if let handle = transfer?.releaseHandle() { pool.put(handle, origin: origin) }
        transfer = nil
    }
}
