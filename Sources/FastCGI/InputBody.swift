import CFastCGI
import Encoding
import Glibc
import Web

/// A request's body as it comes on the connection (FCGI_STDIN).
final class InputBody: RequestBody {
    let length: Int64?
    /// The most bytes to accept; `nil` for no limit.
    private let limit: Int64?
    /// `nil` once the request is over.
    private var connection: Connection?
    private var position: Int64 = 0
    /// The number of bytes that the responder has read.
    var bytesRead: Int64 { position }
    private var isLong = false
    private let clientRate: ClientRate
    private var patience: ClientPatience
    /// The time at which it was first found that a read would wait, in milliseconds of uptime.
    private var missedAt: Int?
    /// The number of bytes after which a body is read in larger pieces.
    private static let shortBody: Int64 = 16_384

    init(_ connection: Connection, length: Int64?, limit: Int64?, clientRate: ClientRate) {
        self.connection = connection
        self.clientRate = clientRate
        patience = ClientPatience(clientRate)
        self.length = length
        self.limit = limit
    }

    var isReady: Bool {
        guard let connection, position < length ?? .max else { return true }
        if connection.needsNoInput || connection.hasInput { return true }
        if missedAt == nil { missedAt = WorkerPool.milliseconds() }
        return false
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let connection, !buffer.isEmpty else { return 0 }
        let wanted = min(Int64(buffer.count), (length ?? .max) - position)
        if wanted <= 0 { return 0 }
        if position > Self.shortBody, !isLong {
            connection.input?.enlargeBuffer()
            isLong = true
        }
        try awaitInput(connection)
        let count = connection.readInput(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(wanted)]))
        patience.moved(count)
        if count == 0 {
            if length != nil || connection.inputFailed { throw RequestBodyError.incomplete }
            return 0
        }
        position += Int64(count)
        if let limit, position > limit { throw RequestBodyError.tooLarge(limit: limit) }
        return count
    }

    /// Waits for the client within its limit, which includes the time waited elsewhere.
    private func awaitInput(_ connection: Connection) throws {
        guard clientRate.bytesPerSecond > 0 else { return }
        if let missedAt { patience.passed(since: missedAt) }
        missedAt = nil
        guard !patience.isUsedUp,
            connection.needsNoInput
                || patience.wait(for: POLLIN, on: connection.descriptorNumber)
        else { throw RequestBodyError.tooSlow(rate: clientRate.bytesPerSecond) }
    }

    /// Makes further reads see the end: the library's stream is about to be freed.
    func invalidate() {
        connection = nil
    }
}

extension Connection {
    /// Takes the received bytes of the body, waiting for at least one; 0 is the end or an error.
    func readInput(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        input?.read(into: buffer) ?? 0
    }

    /// Whether something was read that no one has taken.
    var hasUnreadInput: Bool { input.map { $0.unread > 0 } ?? true }

    /// Whether reading returns at once: with buffered bytes, the end, or an error.
    var needsNoInput: Bool { input?.needsNoInput ?? true }

    /// Whether the body ended with an error of the connection or the protocol.
    var inputFailed: Bool { input?.hasFailed ?? true }

    /// Whether the whole body was read, or its end needs no more reading from the connection.
    var isInputEndAtHand: Bool { input?.isEndAtHand ?? true }

    /// Reads the rest of an unwanted body, so that the connection can be used again.
    ///
    /// Bytes that are already here cost nothing; for more the wait is 1 s at a time, 2 s in all,
    /// and at most 256 KiB are read.
    ///
    /// - Returns: Whether the next bytes on the connection are a new request's.
    func drainInput() -> Bool {
        guard input != nil else { return false }
        if isInputEndAtHand {
            skipInput(upTo: 1, until: .max)
        } else {
            limitReceiveTime(.seconds(1))
            skipInput(upTo: 262_144, until: WorkerPool.milliseconds() + 1000)
            limitReceiveTime(.zero)
        }
        // Bytes read ahead are lost at the end of a request: the start of a next one, if a
        // client sends without waiting for the answer.
        return bodyEnded && !hasUnreadInput
    }

    /// Discards the bytes that nginx still sends, until it has closed: a connection that is closed
    /// with bytes unread is reset, and nginx would lose the answer that it has not read yet.
    ///
    /// nginx closes when it has the answer, which is sent; the wait is 2 s at a time, 10 s in all.
    func linger() {
        limitReceiveTime(.seconds(2))
        let end = WorkerPool.milliseconds() + 10_000
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { buffer in
            while recv(descriptorNumber, buffer.baseAddress, buffer.count, 0) > 0,
                WorkerPool.milliseconds() < end
            {}
        }
    }

    private func skipInput(upTo limit: Int, until time: Int) {
        var left = limit
        while !bodyEnded, left > 0 {
            let count = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) {
                readInput(into: $0)
            }
            if count == 0 || (time != .max && WorkerPool.milliseconds() > time) { return }
            left -= count
        }
    }

    /// Limits how long a read may wait, to whole seconds; zero is no limit.
    func limitReceiveTime(_ limit: Duration) {
        var time = timeval(tv_sec: Int(limit.inWholeSeconds), tv_usec: 0)
        setsockopt(
            descriptorNumber, SOL_SOCKET, SO_RCVTIMEO, &time,
            socklen_t(MemoryLayout<timeval>.size))
    }
}
