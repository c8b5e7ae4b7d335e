import API
import Catalogue
import Configuration
import Connections
import Encoding
import FoundationEssentials
import HTTPClient
import Keeper
import Limits
import Logging
import Vault

/// Puts the domain together as the configuration says.
struct KeeperFactory {
    let configuration: Configuration
    let logger: Logger

    /// Opens the key ring and the database, which is made, or brought up to date, as needed.
    ///
    /// - Throws: `KeyRingError`, `StorageError`, `ConnectionsError`: each describes the problem.
    func makeKeeper() throws -> Keeper {
        try Keeper(
            settings: keeperSettings, databasePath: configuration.database,
            keyRing: try keyRing(), transport: try transport(),
            catalogue: ProviderFiles(folder: configuration.providers).catalogue, logger: logger)
    }

    func keyRing() throws -> LiveKeyRing {
        try LiveKeyRing(
            KeyRingFile(
                path: configuration.keyRing.path, isCredential: configuration.keyRing.isCredential))
    }

    private func transport() throws -> CurlTransport {
        let upstream = configuration.upstream
        if let file = upstream.caFile { try checkAuthorities(file) }
        return CurlTransport(
            configuration: CurlTransportConfiguration(
                allowHTTP: upstream.allowHTTP,
                allowedNetworks: upstream.allowedNetworks,
                caFile: upstream.caFile,
                userAgent: Version.userAgent),
            logger: logger)
    }

    private func checkAuthorities(_ file: String) throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw configuration.error(
                of: "upstream.caFile", "can't be \(file): this user can't read that.")
        }
        guard String(decoding: data, as: UTF8.self).contains("CERTIFICATE-----") else {
            throw configuration.error(
                of: "upstream.caFile", "can't be \(file): it has no certificate in PEM.")
        }
    }

    private var keeperSettings: KeeperSettings {
        var settings = KeeperSettings(publicBaseURL: configuration.publicBaseURL)
        settings.sessions = SessionLifetimes(
            idle: configuration.sessions.idle,
            absolute: configuration.sessions.lifetime,
            ticket: configuration.sessions.ticket)
        settings.stateLifetime = configuration.stateLifetime
        settings.refreshTiming = RefreshTiming(
            margin: configuration.refresh.margin,
            keepAlive: configuration.refresh.keepAlive)
        settings.refreshTimeout = configuration.refresh.timeout
        settings.allowsHTTP = configuration.upstream.allowHTTP
        settings.proxyLimits = TransferLimits(
            connect: configuration.upstream.connectTimeout,
            head: configuration.upstream.headTimeout,
            idle: configuration.upstream.idleTimeout)
        let workers = configuration.workers
        settings.workerShare = WorkerShare(
            percent: workers.integrationShare,
            ofWorkers: min(workers.max, DescriptorLimit.raised().mostWorkers),
            userPercent: workers.userShare)
        return settings
    }
}

extension ConfigurationOption {
    /// Returns the domain as the configuration says, for a command that works on the database.
    func makeKeeper() throws -> Keeper {
        let configuration = try read()
        let logger = LogOutput.logger(configuration.log, atLeast: .warning)
        return try KeeperFactory(configuration: configuration, logger: logger).makeKeeper()
    }
    func makeRestore() throws -> Restore {
        let configuration = try read()
        let logger = LogOutput.logger(configuration.log, atLeast: .warning)
        return Restore(
            databasePath: configuration.database,
            keyRing: try KeeperFactory(configuration: configuration, logger: logger).keyRing())
    }
}
