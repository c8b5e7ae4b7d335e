import CCurl
import HTTPTypes

/// One request and its answer under way on a handle, driven by whoever calls; libcurl's callbacks
/// come back to it. Not Sendable: everything happens on the thread that drives it.
final class CurlTransfer {
    /// Body bytes that come together with the head are kept up to here; then libcurl waits.
    private static let mostEarlyBytes = 65_536

    private let handle: CurlHandle
    private let watchedDescriptor: Int32?
    private let whenConnected: (() -> Void)?
    private var deadlines: TransferDeadlines
    private var parser: ResponseHeadParser
    private var upload: CurlUpload?
    private var resend = ResendPolicy()
    private let addressGuard: AddressGuard

    private var head: HTTPResponse?
    private var sink: ((UnsafeRawBufferPointer) throws -> Void)?
    private var isPaused = false
    /// Whether libcurl wants to send what the caller has not sent yet.
    private var isUploadPaused = false
    private var isReleased = false
    /// Whether body bytes went either way in the last round.
    private var hasMoved = false
    /// Why a callback stopped the transfer.
    private var failure: (any Error)?
    private var refusedAddress: String?
    /// Whether another of the name's addresses may be called.
    private var hasAllowedAddress = false
    private var ending: Result<Void, any Error>?

    init(
        _ request: OutgoingRequest, upload: CurlUpload?, on handle: CurlHandle,
        addressGuard: AddressGuard
    ) {
        self.handle = handle
        self.addressGuard = addressGuard
        self.watchedDescriptor = request.watchedDescriptor
        self.whenConnected = request.whenConnected
        self.deadlines = TransferDeadlines(limits: request.limits, start: .now)
        self.parser = ResponseHeadParser(byteLimit: request.limits.headerBytes)
        self.upload = upload
        setCallbacks()
    }

    deinit {
        if !isReleased { handle.stop() }
    }

    /// Gives up the handle after a transfer that ended well; `nil` for any other, whose connection
    /// is closed with it.
    func releaseHandle() -> CurlHandle? {
        guard case .success = ending, !isReleased else { return nil }
        handle.stop()
        isReleased = true
        return handle
    }

    /// Sends the request and waits for the head of its answer.
    func runToHead() throws -> HTTPResponse {
        try handle.start()
        try run(until: { head != nil }, beforeWaiting: {})
        if let head { return head }
        try ending?.get()
        // libcurl takes a head without its end for an answer.
        throw HTTPClientError.broken(.sent, "the head breaks off")
    }

    /// Passes on the body until its end.
    func runToEnd(
        to sink: (UnsafeRawBufferPointer) throws -> Void, beforeWaiting: () throws -> Void
    ) throws {
        if !handle.earlyBytes.isEmpty {
            try handle.earlyBytes.withUnsafeBytes(sink)
        }
        try withoutActuallyEscaping(sink) { sink in
            self.sink = sink
            defer { self.sink = nil }
            deadlines.progressed(at: .now)
            if isPaused { try resume() }
            try run(until: { false }, beforeWaiting: beforeWaiting)
        }
        try ending?.get()
    }

    /// Drives the transfer until it ends or `reached` holds.
    private func run(until reached: () -> Bool, beforeWaiting: () throws -> Void) throws {
        while ending == nil, !reached() {
            hasMoved = false
            if let code = try handle.perform() { end(code) }
            if ending != nil || reached() { return }
            let now = MonotonicTime.now
            let deadline = deadlines.next
            guard now < deadline else {
                throw isUploadPaused ? HTTPClientError.bodyStalled : deadlines.error
            }
            if hasMoved { continue }
            try beforeWaiting()
            let hasEvent = try handle.wait(
                milliseconds: deadline.milliseconds(from: now), watched: watchedDescriptor,
                forInput: isUploadPaused)
            if hasEvent { try callerMoved() }
        }
    }

    /// The caller has sent more of the body, or gone away.
    private func callerMoved() throws {
        guard isUploadPaused else { throw HTTPClientError.abandoned }
        try resume()
    }

    private func resume() throws {
        isPaused = false
        isUploadPaused = false
        let code = curl_easy_pause(handle.easy, CURLPAUSE_CONT)
        if code != CURLE_OK { end(code) }
    }

    private func end(_ code: CURLcode) {
        if let failure {
            ending = .failure(failure)
        } else if code == CURLE_OK {
            ending = .success(())
        } else {
            ending = .failure(error(for: code))
        }
    }

    private func error(for code: CURLcode) -> HTTPClientError {
        if let refusedAddress, !resend.hasBegun, !hasAllowedAddress {
            return .addressRefused(refusedAddress)
        }
        let error = HTTPClientError(
            code, explanation: handle.explanation(of: code), phase: phase)
        // What fails to connect after the request has left was to send it a second time.
        return error.isAboutConnecting && resend.hasBegun ? .keptConnectionDied : error
    }

    private var phase: HTTPClientError.Phase {
        if head != nil { return .body }
        return resend.hasBegun ? .sent : .connecting
    }

    private func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        gk_on_header(handle.easy, CurlCallbacks.header, context)
        gk_on_write(handle.easy, CurlCallbacks.write, context)
        gk_on_open_socket(handle.easy, CurlCallbacks.openSocket, context)
        gk_on_request(handle.easy, CurlCallbacks.request, context)
        if upload != nil { gk_on_read(handle.easy, CurlCallbacks.read, context) }
    }
}

/// What libcurl's callbacks do.
extension CurlTransfer {
    /// Takes a line of the head; `false` stops the transfer.
    func headerLine(_ line: UnsafeRawBufferPointer) -> Bool {
        do {
            // Behind the body come trailers: dropped (RFC 9110 §6.5.1).
            guard head == nil else { return true }
            if let complete = try parser.take(line) {
                head = complete
                deadlines.headCame(at: .now)
            }
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Takes a piece of the body.
    func bodyPiece(_ piece: UnsafeRawBufferPointer) -> BodyPieceResult {
        guard let sink else {
            guard handle.earlyBytes.count + piece.count <= Self.mostEarlyBytes else {
                isPaused = true
                return .wait
            }
            handle.earlyBytes.append(contentsOf: piece)
            return .taken
        }
        do {
            try sink(piece)
            moved()
            return .taken
        } catch {
            failure = error
            return .stop
        }
    }

    /// Fills the buffer with the next bytes to send.
    func bytesToSend(_ buffer: UnsafeMutableRawBufferPointer) -> UploadPieceResult {
        guard upload?.isReady() ?? true || watchedDescriptor == nil else {
            isUploadPaused = true
            return .wait
        }
        do {
            let count = try upload?.read(into: buffer) ?? 0
            moved()
            return .bytes(count)
        } catch {
            failure = error
            return .stop
        }
    }

    /// A connection stands and the request is about to leave; `false` stops the transfer.
    func requestBegins() -> Bool {
        guard mayLeave() else { return false }
        // A process that was stopped meanwhile must not send what is given up by now.
        guard MonotonicTime.now < deadlines.next else {
            failure = deadlines.error
            return false
        }
        resend.begin()
        deadlines.connected()
        whenConnected?()
        return true
    }

    /// Whether a socket to the address may be opened.
    func mayConnect(to address: IPAddress?) -> Bool {
        guard mayLeave() else { return false }
        guard let address else {
            refusedAddress = "neither IPv4 nor IPv6"
            return false
        }
        guard let reason = addressGuard.refusal(of: address) else {
            hasAllowedAddress = true
            return true
        }
        refusedAddress = "\(address) is \(reason)"
        return false
    }

    /// No socket could be opened.
    func noSocket(_ explanation: String) {
        failure = HTTPClientError.other(explanation)
    }

    private func mayLeave() -> Bool {
        if resend.mayLeave { return true }
        failure = HTTPClientError.keptConnectionDied
        return false
    }

    private func moved() {
        hasMoved = true
        deadlines.progressed(at: .now)
    }
}

/// What becomes of a piece of a body.
enum BodyPieceResult {
    case taken
    /// It is to be offered again later.
    case wait
    case stop
}

/// What there is to send.
enum UploadPieceResult {
    /// So many bytes; 0 is the end.
    case bytes(Int)
    /// It is to be asked for again later.
    case wait
    case stop
}
