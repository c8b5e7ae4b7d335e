/// The part of a request that has still to be sent.
struct OutgoingMessage {
    /// Bodies in memory up to here leave together with the head, in one segment.
    private static let largestInlineBody = 65_536

    /// The result of sending.
    enum Outcome {
        /// Some bytes left; there may be more.
        case moved
        /// The connection takes nothing more now.
        case blocked
        /// The caller has not sent the rest of the body yet.
        case waitsForCaller
        case complete
    }

    private var memory: [UInt8]
    /// The bytes of the memory that are sent next.
    private var ready: Range<Int>
    private var body: BodySource?

    /// - Throws: ``HTTPClientError/badRequest(_:)`` for a request that cannot be sent as it stands.
    init(_ request: OutgoingRequest, userAgent: String) throws(HTTPClientError) {
        memory = try RequestHead(request, userAgent: userAgent).bytes
        switch request.body {
        case .none: break
        case .bytes(let bytes) where bytes.count <= Self.largestInlineBody: memory += bytes
        default: body = BodySource(request.body)
        }
        ready = 0..<memory.count
        isStreamed = body != nil
    }

    /// Whether all of it was sent.
    var isComplete: Bool { ready.isEmpty && body == nil }
    /// Whether there is more of the body than was ready from the start.
    let isStreamed: Bool

    /// Sends as much as the connection takes without waiting.
    ///
    /// - Throws: ``ConnectionBroken``; the errors of the body's reader.
    mutating func sendSome(on connection: CurlConnection) throws -> Outcome {
        while ready.isEmpty {
            guard var source = body else { return .complete }
            guard source.isReady() else {
                // Waiting for a slow caller holds no memory.
                memory = []
                return .waitsForCaller
            }
            ready = try source.next(into: &memory)
            body = source.isExhausted ? nil : source
        }
        let count = try memory.withUnsafeBytes { bytes throws(ConnectionBroken) in
            try connection.send(UnsafeRawBufferPointer(rebasing: bytes[ready]))
        }
        ready = ready.lowerBound + count..<ready.upperBound
        return count > 0 ? .moved : .blocked
    }
}
