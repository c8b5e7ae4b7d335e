import Addressing
import CCurl
import Glibc
import Locking

/// One connection to another server: opened by libcurl, TLS included, then read and written as a
/// plain stream of bytes (`CURLOPT_CONNECT_ONLY`).
///
/// libcurl sees nothing of HTTP: a server's answer never reaches its parser, and a handle has one
/// transfer in its life, the one that connects (SECURITY 47).
///
/// Not Sendable: libcurl allows one thread at a time. Its owner is the exchange that uses it or
/// the pool in which it waits, never both.
final class CurlConnection {
    private let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    private let errorText: UnsafeMutableBufferPointer<CChar>
    private let addressGuard: AddressGuard
    /// Whether the name's addresses are still being looked up, on a thread of libcurl's.
    private var isResolving = false
    private var socketFailure: HTTPClientError?
    /// Whether another of the name's addresses may be called.
    private var hasAllowedAddress = false
    private var refusedAddress: String?
    private(set) var descriptor: Int32 = -1
    /// Whether an exchange was completed on it.
    var isKept = false

    /// - Throws: ``HTTPClientError/other(_:)`` when memory is short.
    init(addressGuard: AddressGuard) throws(HTTPClientError) {
        Self.prepareLibrary
        guard let easy = curl_easy_init() else { throw .other("curl_easy_init") }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            throw .other("curl_multi_init")
        }
        self.easy = easy
        self.multi = multi
        self.addressGuard = addressGuard
        self.errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        self.errorText.initialize(repeating: 0)
    }

    deinit {
        let handles = CurlHandles(easy: easy, multi: multi, errorText: errorText)
        if isResolving { handles.disposeInBackground() } else { handles.dispose() }
    }

    /// In milliseconds. libcurl before 8.4 forgets to say when it wants to try a name's next
    /// address (curl's pull request 11935).
    private static let longestWait: Int64 = 50

    /// The preparation of libcurl, once in a process; thread-safe since libcurl 7.84.
    private static let prepareLibrary: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

    /// Opens the connection. Call it once, before anything else.
    ///
    /// - Parameters:
    ///   - watched: A stream socket; when its other end hangs up, connecting stops.
    ///   - seat: The seat, which is told when the server is silent.
    /// - Throws: ``HTTPClientError``.
    func connect(
        to origin: Origin, options: CurlOptions, connectLimit: Duration,
        until deadline: MonotonicTime, watched: Int32?, seat: ConnectionSeat?
    ) throws(HTTPClientError) {
        options.apply(to: easy, origin: origin, connectLimit: connectLimit)
        gk_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText.baseAddress).ignored()
        let context = Unmanaged.passUnretained(self).toOpaque()
        gk_on_open_socket(easy, Self.openSocket, context)
        try check(curl_multi_add_handle(multi, easy))
        isResolving = true
        while true {
            if let result = try perform() {
                isResolving = false
                guard result == CURLE_OK else { throw connectError(result) }
                break
            }
            let now = MonotonicTime.now
            guard now < deadline else { throw .timedOut(.connecting) }
            seat?.checkSilence(at: now)
            let wait = min(deadline.milliseconds(from: now), Self.longestWait)
            if try waitForLibrary(wait, watched) { throw .abandoned }
        }
        descriptor = gk_active_socket(easy)
        guard descriptor >= 0 else { throw .other("no socket") }
        // Until here libcurl would have allocated a buffer of this size for itself.
        gk_set_long(easy, CURLOPT_BUFFERSIZE, ReceiveBuffer.capacity).ignored()
    }

    /// Sends as many bytes as the connection takes without waiting.
    ///
    /// - Returns: The number of bytes that it took; 0 when it takes none now.
    func send(_ bytes: UnsafeRawBufferPointer) throws(ConnectionBroken) -> Int {
        var count = 0
        errorText[0] = 0
        let code = curl_easy_send(easy, bytes.baseAddress, bytes.count, &count)
        if code == CURLE_AGAIN { return 0 }
        guard code == CURLE_OK else { throw broken(code) }
        return count
    }

    /// The result of receiving.
    enum Received: Equatable {
        case bytes(Int)
        case nothingYet
        case end
    }

    /// Receives the bytes that have come, without waiting.
    func receive(into room: UnsafeMutableRawBufferPointer) throws(ConnectionBroken) -> Received {
        var count = 0
        errorText[0] = 0
        let code = curl_easy_recv(easy, room.baseAddress, room.count, &count)
        if code == CURLE_AGAIN { return .nothingYet }
        guard code == CURLE_OK else { throw broken(code) }
        return count > 0 ? .bytes(count) : .end
    }

    /// Whether no unrequested bytes came, and not the connection's end; bytes that TLS has already
    /// decrypted count, its session tickets do not (RFC 9112 §9.2).
    var isQuiet: Bool {
        withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { room in
            (try? receive(into: room)) == .nothingYet
        }
    }

    private func perform() throws(HTTPClientError) -> CURLcode? {
        var running: CInt = 0
        try check(curl_multi_perform(multi, &running))
        guard running == 0 else { return nil }
        var result = CURLE_OK
        return gk_multi_finished(multi, &result) == 1 ? result : nil
    }

    /// - Returns: Whether the watched descriptor has hung up.
    private func waitForLibrary(
        _ milliseconds: Int64, _ descriptor: Int32?
    ) throws(HTTPClientError) -> Bool {
        let timeout = CInt(clamping: milliseconds)
        guard let descriptor else {
            try check(curl_multi_poll(multi, nil, 0, timeout, nil))
            return false
        }
        // A hang-up is always reported.
        var watched = curl_waitfd(fd: descriptor, events: 0, revents: 0)
        try check(curl_multi_poll(multi, &watched, 1, timeout, nil))
        return watched.revents != 0
    }

    private func connectError(_ code: CURLcode) -> HTTPClientError {
        if let socketFailure { return socketFailure }
        if let refusedAddress, !hasAllowedAddress { return .addressRefused(refusedAddress) }
        return HTTPClientError(connecting: code, explanation: explanation(of: code))
    }

    private func broken(_ code: CURLcode) -> ConnectionBroken {
        ConnectionBroken(explanation: explanation(of: code))
    }

    /// Returns libcurl's description of an error.
    private func explanation(of code: CURLcode) -> String {
        if errorText[0] != 0, let text = errorText.baseAddress { return String(cString: text) }
        return String(cString: curl_easy_strerror(code))
    }

    private func check(_ code: CURLMcode) throws(HTTPClientError) {
        guard code == CURLM_OK else { throw .other(String(cString: curl_multi_strerror(code))) }
    }
}

/// The connection can no longer be used.
struct ConnectionBroken: Error {
    /// libcurl's words for it, for the log.
    let explanation: String
}

/// Opening the socket.
extension CurlConnection {
    /// The context is never retained: only ``connect(to:options:connectLimit:until:watched:seat:)`` makes
    /// libcurl open sockets.
    private static let openSocket: curl_opensocket_callback = { context, _, target in
        guard let context, let target else { return CURL_SOCKET_BAD }
        let connection = Unmanaged<CurlConnection>.fromOpaque(context).takeUnretainedValue()
        let length = Int(target.pointee.addrlen)
        let address = withUnsafeBytes(of: &target.pointee.addr) { start in
            // sockaddr is shorter than the addresses that it stands for; libcurl's struct ends in
            // room for them all.
            IPAddress(UnsafeRawBufferPointer(start: start.baseAddress, count: length))
        }
        guard connection.mayConnect(to: address) else { return CURL_SOCKET_BAD }
        let type = target.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(target.pointee.family, type, target.pointee.protocol)
        if descriptor < 0, errno == EMFILE || errno == ENFILE {
            // Else it would look like the host's fault.
            connection.socketFailure = .other("no more file descriptors")
        }
        return descriptor
    }

    private func mayConnect(to address: IPAddress?) -> Bool {
        isResolving = false
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
}
