import HTTPTypes
import Headers

/// An answer whose head has come and whose body is still on its way. Belongs to one thread.
package protocol HTTPExchange: AnyObject {
    /// The final status and the header fields, in their order, repeated ones included.
    var head: ResponseHead { get }

    /// Finds out whether the body comes, as far as that shows soon, before anything of the answer is
    /// passed on: of a short one all of it has to come, of another its beginning.
    ///
    /// - Parameter waits: Whether it may wait for that, a second at most; without, only the bytes
    ///   that have come are looked at.
    /// - Throws: ``HTTPClientError`` when the body breaks off.
    func readAhead(waits: Bool) throws

    /// Passes the body on as it comes, on this thread. Call it once.
    ///
    /// - Parameters:
    ///   - sink: Takes each piece; waits while its own reader is slow. What it throws stops the
    ///     transfer and is thrown on.
    ///   - beforeWaiting: Called when all that has come was passed on and more is awaited: the
    ///     moment to flush.
    /// - Throws: ``HTTPClientError`` when the body breaks off, otherwise the error of `sink`.
    func drain(
        to sink: (UnsafeRawBufferPointer) throws -> Void, beforeWaiting: () throws -> Void
    ) throws
}

extension HTTPExchange {
    /// Does nothing: the default for an answer that is complete already.
    package func readAhead(waits: Bool) throws {}

    /// Reads the whole body into memory.
    ///
    /// - Parameter limit: The most bytes to accept, counted after any decoding.
    /// - Throws: ``HTTPClientError/responseTooLarge`` when there are more.
    package func collect(upTo limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try drain(
            to: { piece in
                guard bytes.count + piece.count <= limit else {
                    throw HTTPClientError.responseTooLarge
                }
                bytes.append(contentsOf: piece)
            },
            beforeWaiting: {})
        return bytes
    }
}
