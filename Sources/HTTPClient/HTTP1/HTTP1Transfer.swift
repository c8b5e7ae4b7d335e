import Glibc
import HTTPTypes
import Headers
import Locking

/// One request and its answer on a connection (RFC 9112), driven by its caller on the caller's
/// thread: bytes go from the connection straight to the caller, without a queue between.
///
/// After a complete answer with nothing behind it, the connection goes to the pool; else it ends.
final class HTTP1Transfer {
    private var connection: CurlConnection?
    /// `nil` for a connection that is not to be kept.
    private let seat: ConnectionSeat?
    private let method: HTTPRequest.Method
    private let watchedDescriptor: Int32?
    private var message: OutgoingMessage
    private var parser: ResponseHeadParser
    private var deadlines: TransferDeadlines
    private var buffer: ReceiveBuffer?

    private var answer: FramedHead?
    private var body = ResponseBody.none
    private var sink: ((UnsafeRawBufferPointer) throws -> Void)?
    private var sending = OutgoingMessage.Outcome.moved
    /// Whether the server does not want the rest of the request.
    private var isUploadOver = false
    /// The error that ended sending the request; an answer may be there all the same.
    private var sendFailure: ConnectionBroken?
    private var hasReceived = false
    private static let mostFalseAlarms = 32
    private var falseAlarms = 0
    /// Whether the server has closed the connection.
    private var hasEnded = false

    init(
        _ request: OutgoingRequest, _ message: OutgoingMessage, on connection: CurlConnection,
        seat: ConnectionSeat?, deadlines: TransferDeadlines
    ) {
        self.connection = connection
        self.seat = seat
        self.method = request.method
        self.watchedDescriptor = request.watchedDescriptor
        self.message = message
        self.parser = ResponseHeadParser(byteLimit: request.limits.headerBytes)
        self.deadlines = deadlines
    }

    deinit {
        finish()
    }

    /// Sends the request and waits for the head of its answer.
    ///
    /// - Parameter whenConnected: Called right before the first byte leaves.
    func runToHead(whenConnected: (() -> Void)?) throws -> ResponseHead {
        // A process that was stopped meanwhile must not send a request that is given up by now.
        guard MonotonicTime.now < deadlines.next else { throw deadlines.error }
        deadlines.connected()
        whenConnected?()
        while true {
            if let answer { return answer.response }
            try run(until: { answer != nil }, beforeWaiting: {})
        }
    }

    /// Passes on the body until its end.
    func runToEnd(
        to sink: (UnsafeRawBufferPointer) throws -> Void, beforeWaiting: () throws -> Void
    ) throws {
        try withoutActuallyEscaping(sink) { sink in
            self.sink = sink
            defer { self.sink = nil }
            deadlines.progressed(at: .now)
            try run(until: { body.isComplete }, beforeWaiting: beforeWaiting)
        }
    }

    /// Drives both directions until `reached` holds.
    private func run(until reached: () -> Bool, beforeWaiting: () throws -> Void) throws {
        // A request that has just been sent has no answer yet.
        var mayHaveReceived = answer != nil
        while !reached() {
            var hasMoved = try sendSome()
            if mayHaveReceived || mustSend {
                hasMoved = try receiveSome() || hasMoved
                if reached() { return }
            }
            let now = MonotonicTime.now
            let deadline = deadlines.next
            guard now < deadline else {
                throw waitsForCaller ? HTTPClientError.bodyStalled : deadlines.error
            }
            if hasMoved { continue }
            try beforeWaiting()
            seat?.checkSilence(at: now)
            let next = min(deadline, seat?.silentAt ?? .never)
            try wait(milliseconds: next.milliseconds(from: now))
            mayHaveReceived = true
        }
    }
}

/// The sending side.
extension HTTP1Transfer {
    /// Whether the caller has to send more of the body before it can go on.
    private var waitsForCaller: Bool { mustSend && sending == .waitsForCaller }

    private var mustSend: Bool {
        !message.isComplete && !isUploadOver && sendFailure == nil
    }

    /// - Returns: Whether bytes left.
    private func sendSome() throws -> Bool {
        guard let connection, mustSend else { return false }
        do {
            sending = try message.sendSome(on: connection)
        } catch let failure as ConnectionBroken {
            // A server that has answered may have stopped reading (RFC 9112 §9.5).
            sending = .complete
            sendFailure = failure
            return true
        }
        if sending == .moved, message.isStreamed { deadlines.progressed(at: .now) }
        return sending == .moved
    }
}

/// The receiving side.
extension HTTP1Transfer {
    /// - Returns: Whether there was progress.
    private func receiveSome() throws -> Bool {
        guard let connection else { return false }
        let buffer = self.buffer ?? .borrow()
        self.buffer = buffer
        if try take(from: buffer) { return true }
        if hasEnded {
            try body.connectionEnded()
            return true
        }
        guard !buffer.isFull else { throw HTTPClientError.headerTooLarge }
        let received: CurlConnection.Received
        do {
            received = try connection.receive(into: buffer.makeRoom())
        } catch {
            throw broken(error.explanation)
        }
        switch received {
        case .nothingYet:
            return false
        case .bytes(let count):
            if !hasReceived { seat?.isServed() }
            hasReceived = true
            falseAlarms = 0
            buffer.added(count)
            _ = try take(from: buffer)
        case .end:
            hasEnded = true
            guard answer != nil else { throw broken("the connection ended before the answer") }
            // Bytes read ahead come first.
            if sink != nil || buffer.isEmpty { try body.connectionEnded() }
        }
        return true
    }

    /// Takes the buffer's bytes: the head, and then as much of the body as there is.
    ///
    /// - Returns: Whether it took anything.
    private func take(from buffer: ReceiveBuffer) throws -> Bool {
        guard answer != nil else { return try takeHead(from: buffer) }
        guard let sink else { return false }
        var hasTaken = false
        while let piece = try body.next(in: buffer) {
            try sink(piece)
            deadlines.progressed(at: .now)
            hasTaken = true
        }
        return hasTaken || body.isComplete
    }

    private func takeHead(from buffer: ReceiveBuffer) throws(HTTPClientError) -> Bool {
        var hasTaken = false
        while let line = buffer.takeLine() {
            hasTaken = true
            guard let head = try parser.take(line) else { continue }
            body = try head.framing.body(to: method, status: head.response.status.code)
            answer = head
            deadlines.headCame(at: .now)
            // RFC 9112 §9.5: with such an answer the server does not want the rest of the request.
            isUploadOver = head.response.status.code >= 300
            return true
        }
        try parser.expect(buffer.bytes)
        return hasTaken
    }

    private func broken(_ explanation: String) -> HTTPClientError {
        if answer != nil { return .broken(.body, explanation) }
        if connection?.isKept == true, !hasReceived { return .keptConnectionDied }
        return .broken(.sent, sendFailure?.explanation ?? explanation)
    }
}

/// Reading ahead.
extension HTTP1Transfer {
    /// The longest body that is waited for whole, and the most bytes that are read ahead.
    private static let mostAhead = 16_384
    /// The time to wait for a body's first byte, or for all of a short body …
    private static let patience = Duration.seconds(1)
    /// … and the end of another whose beginning is there.
    private static let patienceForEnd = Duration.milliseconds(50)

    /// Takes in the body's beginning, without passing anything on
    /// (``HTTPExchange/readAhead(waits:)``).
    func readAhead(waits: Bool) throws {
        var began: MonotonicTime?
        while !body.isComplete {
            let ahead = try ahead()
            if ahead.isComplete || buffer?.bytes.count ?? 0 >= Self.mostAhead { return }
            if hasEnded {
                var rest = body
                return try rest.connectionEnded()
            }
            let hasSent = try sendSome()
            if try receiveSome() || hasSent { continue }
            guard waits else { return }
            let now = MonotonicTime.now
            let start = began ?? now
            began = start
            let isBegun = !ahead.isEmpty && !body.isAtMost(Self.mostAhead)
            let patience = isBegun ? Self.patienceForEnd : Self.patience
            // A transfer that is due by then is given up when its caller has the rest.
            let end = min(deadlines.next, start.after(patience))
            guard now < end else { return }
            try wait(milliseconds: end.milliseconds(from: now))
        }
    }

    private func ahead() throws(HTTPClientError) -> ResponseBody.Ahead {
        guard let buffer else { return .init(isEmpty: true, isComplete: false) }
        return try body.ahead(in: buffer)
    }
}

/// Waiting.
extension HTTP1Transfer {
    /// Waits until the connection can go on, or the caller has moved.
    ///
    /// - Throws: ``HTTPClientError/abandoned`` when the caller is gone.
    private func wait(milliseconds: Int64) throws(HTTPClientError) {
        if let empty = buffer, empty.isEmpty {
            buffer = nil
            ReceiveBuffer.giveBack(empty)
        }
        let isBlocked = mustSend && sending == .blocked
        var entries = (
            pollfd(
                fd: connection?.descriptor ?? -1,
                events: Int16(isBlocked ? POLLIN | POLLOUT : POLLIN), revents: 0),
            // A hang-up is always reported. One below 0 is passed over.
            pollfd(
                fd: watchedDescriptor ?? -1, events: Int16(waitsForCaller ? POLLIN : 0), revents: 0)
        )
        withUnsafeMutableBytes(of: &entries) { entries in
            _ = poll(
                entries.assumingMemoryBound(to: pollfd.self).baseAddress, 2,
                CInt(clamping: milliseconds))
        }
        if entries.1.revents != 0, !waitsForCaller { throw .abandoned }
        restAfterFalseAlarm(isReadable: entries.0.revents != 0)
    }

    /// Rests a little when the connection was readable many times, and there was nothing to read:
    /// records of TLS that come byte by byte must not keep a processor busy.
    private func restAfterFalseAlarm(isReadable: Bool) {
        falseAlarms = isReadable ? falseAlarms + 1 : 0
        if falseAlarms > Self.mostFalseAlarms { poll(nil, 0, 1) }
    }
}

/// The end of the exchange.
extension HTTP1Transfer {
    /// Keeps the connection where it can carry another request, and closes it else.
    func finish() {
        guard connection != nil else { return }
        let isClean = buffer?.isEmpty ?? true
        if let buffer { ReceiveBuffer.giveBack(buffer) }
        buffer = nil
        guard isClean, !hasEnded, body.isComplete, message.isComplete, sendFailure == nil,
            let answer, answer.framing.allowsReuse(afterStatus: answer.response.status.code),
            let seat
        else {
            // Closed before another one is opened in its place.
            connection = nil
            seat?.end()
            return
        }
        connection?.isKept = true
        seat.end(keeping: connection.take(), serverLimit: answer.framing.keptFor)
    }
}
