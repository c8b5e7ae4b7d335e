import CFastCGI
import Glibc
import Web

/// A request's body as libfcgi reads it from the connection (FCGI_STDIN).
final class InputBody: RequestBody {
    let length: Int64?
    /// The most bytes to accept; `nil` for no limit.
    private let limit: Int64?
    /// `nil` once the request is over.
    private var connection: Connection?
    private var position: Int64 = 0
    private var isLong = false
    /// What lies behind this many bytes is read in larger pieces.
    private static let shortBody: Int64 = 16_384

    init(_ connection: Connection, length: Int64?, limit: Int64?) {
        self.connection = connection
        self.length = length
        self.limit = limit
    }

    var isReady: Bool {
        guard let connection, position < length ?? .max else { return true }
        return connection.bodyEnded || connection.hasUnreadInput || connection.hasInput
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let connection, !buffer.isEmpty else { return 0 }
        let wanted = min(Int64(buffer.count), (length ?? .max) - position)
        if wanted <= 0 { return 0 }
        if position > Self.shortBody, !isLong {
            connection.enlargeInput()
            isLong = true
        }
        let count = connection.readInput(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(wanted)]))
        if count == 0 {
            if length != nil || connection.inputFailed { throw RequestBodyError.incomplete }
            return 0
        }
        position += Int64(count)
        if let limit, position > limit { throw RequestBodyError.tooLarge(limit: limit) }
        return count
    }

    /// Makes further reads see the end: what the library read from is about to be freed.
    func invalidate() {
        connection = nil
    }
}

extension Connection {
    /// Takes what has come of the body, waiting for at least one byte; 0 is the end or an error.
    func readInput(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var count = readRecord(into: buffer)
        // The library may have read several records at once.
        while count > 0, count < buffer.count, hasNextRecord {
            let more = readRecord(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            if more == 0 { break }
            count += more
        }
        return count
    }

    /// Whether the library has bytes of a further record's content, behind the padding of the last
    /// and a header: then it need not wait for them.
    private var hasNextRecord: Bool {
        let mostBefore = Int(UInt8.max) + MemoryLayout<FCGI_Header>.size
        return request.pointee.`in`.map { fcgx_unread_bytes($0) > mostBefore } ?? false
    }

    /// Whether the library has read something that nobody has taken.
    var hasUnreadInput: Bool {
        guard let input = request.pointee.`in` else { return true }
        return input.pointee.stop > input.pointee.rdNext || fcgx_unread_bytes(input) > 0
    }

    /// Takes what has come of one record.
    private func readRecord(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let input = request.pointee.`in`, let base = buffer.baseAddress else { return 0 }
        // FCGX_GetStr would wait until the buffer is full.
        let byte = FCGX_GetChar(input)
        if byte < 0 {
            bodyEnded = FCGX_GetError(input) == 0
            return 0
        }
        base.storeBytes(of: UInt8(truncatingIfNeeded: byte), as: UInt8.self)
        let available = input.pointee.stop - input.pointee.rdNext
        let more = FCGX_GetStr(
            base.assumingMemoryBound(to: CChar.self) + 1,
            CInt(clamping: min(buffer.count - 1, available)), input)
        return 1 + Int(more)
    }

    /// Reads 64 KB at a time from now on.
    func enlargeInput() {
        if let input = request.pointee.`in` { fcgx_enlarge_input(input, 65_536) }
    }

    /// Whether the body ended with an error of the connection or the protocol.
    var inputFailed: Bool {
        request.pointee.`in`.map { FCGX_GetError($0) != 0 } ?? true
    }

    /// Whether the whole body was read, or its end needs no more reading from the connection.
    var isInputEndAtHand: Bool {
        bodyEnded || request.pointee.`in`.map { fcgx_ends_next($0) != 0 } ?? true
    }

    /// Reads the rest of a body that nobody wants, so that the connection can be used again.
    ///
    /// What is already here costs nothing; for more the wait is 1 s at a time, 2 s in all, and at
    /// most 256 KiB are read.
    ///
    /// - Returns: Whether the next bytes on the connection are a new request's.
    func drainInput() -> Bool {
        guard let input = request.pointee.`in` else { return false }
        if isInputEndAtHand {
            skipInput(upTo: 1, until: .max)
        } else {
            limitReceiveTime(seconds: 1)
            skipInput(upTo: 262_144, until: WorkerPool.milliseconds() + 1000)
            limitReceiveTime(seconds: 0)
        }
        // The library reads ahead, and forgets at the end of a request what it has not consumed:
        // the start of a next request, if a client sends without waiting for the answer.
        return bodyEnded && fcgx_unread_bytes(input) == 0
    }

    /// Throws away what nginx still sends, until it has closed: a connection that is closed with
    /// bytes unread is reset, and nginx would lose the answer that it has not read yet.
    ///
    /// nginx closes when it has the answer, which is sent; the wait is 2 s at a time, 10 s in all.
    func linger() {
        limitReceiveTime(seconds: 2)
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

    /// How long a read may wait, in seconds; 0 is for ever.
    private func limitReceiveTime(seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(
            descriptorNumber, SOL_SOCKET, SO_RCVTIMEO, &time,
            socklen_t(MemoryLayout<timeval>.size))
    }
}
