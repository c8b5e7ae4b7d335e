import API
import Configuration
import FastCGI
import Foundation
import Keeper
import Logging

/// The running service: the domain, the API over it, and the FastCGI server in front.
struct Service {
    private let keeper: Keeper
    private let server: Server
    private let supervisor: Supervisor
    /// The socket that is listened on, for the log.
    private let socket: String
    private let logger: Logger

    /// Opens everything; nothing is answered yet.
    ///
    /// - Throws: The error of the key ring, the database or the socket.
    init(_ configuration: Configuration, environment: [String: String]) throws {
        let logger = LogOutput.logger(configuration.log)
        let keeper = try KeeperFactory(configuration: configuration, logger: logger).makeKeeper()
        let gauges = ServerGauges()
        let metrics = Metrics(gauges: gauges.read)
        let api = GrantkeeperAPI(
            keeper: keeper, settings: Self.apiSettings(configuration), metrics: metrics)
        Self.warn(about: configuration, logger)
        let passed = try PassedSocket.descriptor(environment: environment)
        server = try Server(
            configuration: Self.serverConfiguration(configuration, passed: passed, logger: logger),
            responder: api, observers: [metrics, RequestLog(logger: logger)], logger: logger)
        socket = passed.map { "descriptor \($0)" } ?? configuration.socket.path
        gauges.server = server
        supervisor = Supervisor(environment: environment)
        self.keeper = keeper
        self.logger = logger
    }

    /// Serves until the process is told to stop, and returns when everything is closed.
    func run() {
        keeper.background.start()
        keeper.keyRingWatch.start()
        let server = server
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            server.run()
            ended.signal()
        }
        logger.info("ready", metadata: ["socket": "\(socket)"])
        supervisor.tellReady()
        let signal = TerminationSignals.wait()
        logger.info("stopping", metadata: ["signal": "\(signal)"])
        supervisor.tellStopping()
        keeper.background.quiesce()
        server.stop()
        ended.wait()
        keeper.keyRingWatch.stop()
        keeper.background.stop()
        logger.info("stopped")
    }

    /// Logs a warning about settings that work but deserve attention, once.
    private static func warn(about configuration: Configuration, _ logger: Logger) {
        guard !configuration.allowedOrigins.isEmpty else { return }
        for origin in configuration.originsOfOtherSites(.system()) {
            logger.warning("\(configuration.remark(onOtherSite: origin))")
        }
    }

    private static func apiSettings(_ configuration: Configuration) -> APISettings {
        APISettings(
            publicBaseURL: configuration.publicBaseURL,
            allowedOrigins: configuration.allowedOrigins.map(\.description),
            trustsUserParameter: configuration.trustedUser,
            jsonBodyLimit: configuration.limits.jsonBody)
    }

    private static func serverConfiguration(
        _ configuration: Configuration, passed: Int32?, logger: Logger
    ) -> ServerConfiguration {
        let socket = configuration.socket
        let workers = configuration.workers
        let most = DescriptorLimit.raised().mostWorkers
        if most < workers.max {
            logger.warning(
                "workers.max lowered: too few file descriptors (raise LimitNOFILE)",
                metadata: ["workers.max": "\(workers.max)", "lowered": "\(most)"])
        }
        return ServerConfiguration(
            listener: passed.map { .descriptor($0) }
                ?? .path(socket.path, mode: UInt16(socket.mode), group: socket.group),
            minimumWorkers: min(workers.min, most), maximumWorkers: min(workers.max, most),
            stackBytes: workers.stackSize, bodyLimit: configuration.limits.body.map(Int64.init),
            clientRate: ClientRate(bytesPerSecond: configuration.limits.clientRate))
    }
}
