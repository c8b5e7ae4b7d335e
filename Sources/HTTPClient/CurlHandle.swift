import CCurl

/// One easy handle on a multi handle of its own, which keeps the connection between requests.
///
/// Not Sendable: libcurl allows one thread at a time. Its owner is the transfer that uses it or
/// the pool in which it waits, never both.
final class CurlHandle {
    let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    private let errorText: UnsafeMutableBufferPointer<CChar>
    private var isRunning = false
    let headerLines = HeaderLines()
    /// Body bytes that come before anybody takes them; here so that its memory is kept.
    var earlyBytes: [UInt8] = []

    /// - Throws: ``HTTPClientError/other(_:)`` when memory is short.
    init() throws(HTTPClientError) {
        Self.prepareLibrary
        guard let easy = curl_easy_init() else { throw .other("curl_easy_init") }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            throw .other("curl_multi_init")
        }
        _ = gk_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 1)
        self.easy = easy
        self.multi = multi
        self.errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        self.errorText.initialize(repeating: 0)
    }

    deinit {
        stop()
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        errorText.deallocate()
    }

    /// Once in a process; thread-safe since libcurl 7.84.
    private static let prepareLibrary: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

    /// Begins the transfer that the options describe.
    func start() throws(HTTPClientError) {
        errorText[0] = 0
        _ = gk_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText.baseAddress)
        try check(curl_multi_add_handle(multi, easy))
        isRunning = true
    }

    /// Does what can be done without waiting; the callbacks are called from here.
    ///
    /// - Returns: libcurl's result when the transfer has ended.
    func perform() throws(HTTPClientError) -> CURLcode? {
        var running: CInt = 0
        try check(curl_multi_perform(multi, &running))
        guard running == 0 else { return nil }
        var result = CURLE_OK
        return gk_multi_finished(multi, &result) == 1 ? result : nil
    }

    /// Waits until there is something to do.
    ///
    /// - Parameter forInput: Whether to wait for bytes from the watched descriptor, too.
    /// - Returns: Whether the watched descriptor has hung up, or has such bytes.
    func wait(
        milliseconds: Int64, watched descriptor: Int32?, forInput: Bool
    ) throws(HTTPClientError) -> Bool {
        let timeout = CInt(clamping: milliseconds)
        guard let descriptor else {
            try check(curl_multi_poll(multi, nil, 0, timeout, nil))
            return false
        }
        // A hang-up is always reported; libcurl shows it as readable.
        let events = forInput ? Int16(CURL_WAIT_POLLIN) : 0
        var watched = curl_waitfd(fd: descriptor, events: events, revents: 0)
        try check(curl_multi_poll(multi, &watched, 1, timeout, nil))
        return watched.revents != 0
    }

    /// Ends the transfer, whatever its state, and forgets all that belonged to it. A connection
    /// that was in the middle of an exchange is closed; a clean one is kept.
    func stop() {
        if isRunning { curl_multi_remove_handle(multi, easy) }
        isRunning = false
        curl_easy_reset(easy)
        earlyBytes.removeAll(keepingCapacity: true)
    }

    /// libcurl's words for what went wrong in the transfer.
    func explanation(of code: CURLcode) -> String {
        if errorText[0] != 0, let text = errorText.baseAddress { return String(cString: text) }
        return String(cString: curl_easy_strerror(code))
    }

    private func check(_ code: CURLMcode) throws(HTTPClientError) {
        guard code == CURLM_OK else { throw .other(String(cString: curl_multi_strerror(code))) }
    }
}
