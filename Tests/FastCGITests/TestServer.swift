import FastCGI
import Glibc
import Logging
import Synchronization
import Web

/// A server on a socket of its own, running until it is stopped or let go.
final class TestServer: Sendable {
    let path: String
    let log: TestLog
    private let server: Server
    private let ended = Atomic(false)

    init(
        minimumWorkers: Int = 2, maximumWorkers: Int = 64, workerIdleTime: Duration = .seconds(10),
        stackBytes: Int = 262_144,
        bodyLimit: Int64? = nil, headTimeout: Duration = .seconds(10),
        clientRate: ClientRate = .any,
        drainTimeout: Duration = .seconds(5),
        listener: ServerConfiguration.Listener? = nil,
        path: String = TestServer.temporaryPath(), observers: [any RequestObserver] = [],
        _ respond: @escaping @Sendable (Request) throws -> Response = { _ in .text("hello") }
    ) throws {
        self.path = path
        let log = TestLog()
        self.log = log
        server = try Server(
            configuration: ServerConfiguration(
                listener: listener ?? .path(path, mode: 0o600, group: nil),
                minimumWorkers: minimumWorkers, maximumWorkers: maximumWorkers,
                workerIdleTime: workerIdleTime, stackBytes: stackBytes, bodyLimit: bodyLimit,
                headTimeout: headTimeout, clientRate: clientRate, drainTimeout: drainTimeout),
            responder: ClosureResponder(respond), observers: observers,
            logger: Logger(label: "test") { _ in TestLogHandler(log: log) })
        start()
    }

    deinit { server.stop() }

    var statistics: ServerStatistics { server.statistics }

    /// Whether `run()` has returned.
    var hasEnded: Bool { ended.load(ordering: .sequentiallyConsistent) }

    func stop() { server.stop() }

    func connect() throws -> RawClient { try RawClient(path, keeping: self) }

    private func start() {
        // Unretained by the thread, so that the end of the test is the end of the server.
        let server = server
        let finish: @Sendable () -> Void = { [weak self] in
            self?.ended.store(true, ordering: .sequentiallyConsistent)
        }
        startThread {
            server.run()
            finish()
        }
    }

    static func temporaryPath() -> String {
        var template = Array("/tmp/gk-fastcgi-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        let bytes = template.dropLast().map { UInt8(bitPattern: $0) }
        return (made ? String(decoding: bytes, as: UTF8.self) : "/tmp") + "/socket"
    }
}

/// Runs the body on a thread of its own.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
}

/// Waits until the condition holds; `false` when it doesn't within 10 s.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<2000 {
        if try condition() { return true }
        usleep(5000)
    }
    return false
}

/// A gate that responders wait at until a test opens it.
final class Gate: Sendable {
    private let isOpen = Atomic(false)
    private let waiting = Atomic(0)

    var waitingCount: Int { waiting.load(ordering: .sequentiallyConsistent) }

    var isOpened: Bool { isOpen.load(ordering: .sequentiallyConsistent) }

    func open() { isOpen.store(true, ordering: .sequentiallyConsistent) }

    func pass() {
        waiting.add(1, ordering: .sequentiallyConsistent)
        _ = eventually { isOpen.load(ordering: .sequentiallyConsistent) }
        waiting.subtract(1, ordering: .sequentiallyConsistent)
    }
}

/// What a server logged.
final class TestLog: Sendable {
    private let lines = Mutex<[String]>([])

    func append(_ line: String) { lines.withLock { $0.append(line) } }

    func contains(_ part: String) -> Bool {
        lines.withLock { $0.contains { $0.contains(part) } }
    }

    var errors: [String] { lines.withLock { $0.filter { $0.hasPrefix("error") } } }
}

private struct TestLogHandler: LogHandler {
    let log: TestLog
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        log.append("\(event.level) \(event.message) \(event.metadata ?? [:])")
    }
}
