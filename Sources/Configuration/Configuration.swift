import Addressing
import FoundationEssentials

/// Everything that the operator decided, checked as a whole.
package struct Configuration: Sendable {
    package let publicBaseURL: Origin
    /// Absolute, as all paths here.
    package let database: String
    package let keyRing: KeyRingFile
    /// The folder of the operator's own catalogue entries.
    package let providers: String?
    package let socket: Socket
    package let workers: Workers
    package let sessions: Sessions
    /// The time for which a pending authorization waits for its callback.
    package let stateLifetime: Duration
    package let allowedOrigins: [Origin]
    /// Whether nginx's `GRANTKEEPER_USER` is an identity.
    package let trustedUser: Bool
    package let upstream: Upstream
    package let limits: Limits
    /// The times of refreshing, such as how long before its expiry an access token is refreshed.
    package let refresh: Refresh
    package let log: Log
    private let sources: [String: SettingSource]

    package struct KeyRingFile: Sendable, Equatable {
        package let path: String
        /// True when systemd guards it as a credential.
        package let isCredential: Bool
    }

    package struct Socket: Sendable, Equatable {
        package let path: String
        /// Permission bits.
        package let mode: Int
        package let group: String?
    }

    package struct Workers: Sendable, Equatable {
        package let min: Int
        package let max: Int
        /// Percent.
        package let integrationShare: Int
        /// Percent.
        package let userShare: Int
        /// Bytes.
        package let stackSize: Int
    }

    package struct Sessions: Sendable, Equatable {
        package let idle: Duration
        package let lifetime: Duration
        /// The time for which a start URL is valid.
        package let ticket: Duration
    }

    package struct Upstream: Sendable, Equatable {
        package let allowHTTP: Bool
        package let allowedNetworks: [IPNetwork]
        package let caFile: String?
        package let connectTimeout: Duration
        package let headTimeout: Duration
        package let idleTimeout: Duration
    }

    /// Bytes.
    package struct Limits: Sendable, Equatable {
        package let jsonBody: Int
        /// `nil` is no limit.
        package let body: Int?
        /// A second; 0 is no limit.
        package let clientRate: Int
    }

    package struct Refresh: Sendable, Equatable {
        package let margin: Duration
        package let timeout: Duration
        /// Zero is never.
        package let keepAlive: Duration
    }

    package struct Log: Sendable, Equatable {
        /// A level's name in swift-log.
        package let level: String
        package let isJSON: Bool
    }

    /// Returns the error of a setting whose value is well-formed and still cannot be used.
    ///
    /// - Parameters:
    ///   - setting: Its path: `upstream.caFile`.
    ///   - problem: The rest of the sentence after its name.
    package func error(of setting: String, _ problem: String) -> ConfigurationError {
        ConfigurationError(sources[setting] ?? .standard, "\(setting) \(problem)")
    }

    /// The redirect URI to register with providers.
    package var redirectURI: String { "\(publicBaseURL)/oauth2/callback" }
}

extension Configuration {
    /// Reads the file, the environment over it.
    ///
    /// - Throws: ``ConfigurationError`` with everything that is wrong.
    package init(
        path: String, environment: [String: String]
    ) throws(ConfigurationError) {
        try self.init(
            text: ConfigurationFile.text(of: path), path: path, environment: environment)
    }

    /// - Parameters:
    ///   - text: The file's content.
    ///   - path: The file's path: relative paths in it start at its folder.
    package init(
        text: String, path: String, environment: [String: String]
    ) throws(ConfigurationError) {
        try self.init(
            SettingValues(
                file: SettingsInFile(text: text, path: path).given,
                environment: SettingsInEnvironment.given(in: environment)),
            path: path, environment: environment)
    }

    /// Creates the configuration from a command's options, to be written to a file.
    ///
    /// - Parameters:
    ///   - options: The options on the command line, with the setting's path and its value.
    ///   - path: The file's path.
    package init(
        options: [(option: String, setting: String, value: String)], path: String
    ) throws(ConfigurationError) {
        let given = options.map {
            GivenSetting(path: $0.setting, text: .single($0.value), source: .option($0.option))
        }
        try self.init(SettingValues(file: given, environment: []), path: path, environment: [:])
    }

    private init(
        _ values: SettingValues, path: String, environment: [String: String]
    ) throws(ConfigurationError) {
        let folder = Folder(of: path)
        sources = values.sources
        publicBaseURL = try values.read(Settings.publicBaseURL)
        database = folder.absolute(try values.read(Settings.database))
        keyRing = try KeyRingFile(values, folder, environment)
        providers = try values.readIfGiven(Settings.providers).map(folder.absolute)
        socket = try Socket(values, folder)
        workers = try Workers(values)
        sessions = try Sessions(values)
        stateLifetime = try values.read(Settings.authorizationStateLifetime)
        allowedOrigins = try values.read(Settings.allowedOrigins)
        trustedUser = try values.read(Settings.trustedUser)
        upstream = try Upstream(values, folder)
        limits = try Limits(values)
        refresh = try Refresh(values)
        log = try Log(values)
    }
}

extension Configuration.KeyRingFile {
    fileprivate init(
        _ values: SettingValues, _ folder: Folder, _ environment: [String: String]
    ) throws(ConfigurationError) {
        let credential = environment["CREDENTIALS_DIRECTORY"].map { "\($0)/grantkeeper-keyring" }
        if let path = try values.readIfGiven(Settings.keyRing) {
            self.path = folder.absolute(path)
            isCredential = self.path == credential
        } else if let credential, FileManager.default.fileExists(atPath: credential) {
            path = credential
            isCredential = true
        } else {
            path = folder.absolute(try values.read(Settings.keyRing))
            isCredential = false
        }
    }
}

extension Configuration.Socket {
    /// The kernel's `sun_path`, its closing zero aside.
    private static let longestPath = 107

    fileprivate init(_ values: SettingValues, _ folder: Folder) throws(ConfigurationError) {
        path = folder.absolute(try values.read(Settings.socketPath))
        mode = try values.read(Settings.socketMode)
        group = try values.readIfGiven(Settings.socketGroup)
        guard path.utf8.count <= Self.longestPath else {
            throw ConfigurationError(
                values.source(of: Settings.socketPath),
                "socket.path is too long for a Unix socket: give a path of at most"
                    + " \(Self.longestPath) bytes (it is \(path)).")
        }
    }
}

extension Configuration.Workers {
    fileprivate init(_ values: SettingValues) throws(ConfigurationError) {
        min = try values.read(Settings.workersMin)
        max = try values.read(Settings.workersMax)
        integrationShare = try values.read(Settings.workersIntegrationShare)
        userShare = try values.read(Settings.workersUserShare)
        stackSize = try values.read(Settings.workersStackSize)
        guard min <= max else {
            throw ConfigurationError(
                values.source(of: Settings.workersMin),
                "workers.min (\(min)) is above workers.max (\(max)); lower it.")
        }
    }
}

extension Configuration.Sessions {
    fileprivate init(_ values: SettingValues) throws(ConfigurationError) {
        idle = try values.read(Settings.sessionsIdle)
        lifetime = try values.read(Settings.sessionsLifetime)
        ticket = try values.read(Settings.sessionsTicket)
        guard idle <= lifetime else {
            throw ConfigurationError(
                values.source(of: Settings.sessionsIdle),
                "sessions.idle (\(DurationText.text(idle))) is above sessions.lifetime"
                    + " (\(DurationText.text(lifetime))); lower it.")
        }
    }
}

extension Configuration.Upstream {
    fileprivate init(_ values: SettingValues, _ folder: Folder) throws(ConfigurationError) {
        allowHTTP = try values.read(Settings.upstreamAllowHTTP)
        allowedNetworks = try values.read(Settings.upstreamAllowedNetworks)
        caFile = try values.readIfGiven(Settings.upstreamCAFile).map(folder.absolute)
        connectTimeout = try values.read(Settings.upstreamConnectTimeout)
        headTimeout = try values.read(Settings.upstreamHeadTimeout)
        idleTimeout = try values.read(Settings.upstreamIdleTimeout)
    }
}

extension Configuration.Limits {
    fileprivate init(_ values: SettingValues) throws(ConfigurationError) {
        jsonBody = try values.read(Settings.limitsJSONBody)
        body = try values.readIfGiven(Settings.limitsBody)
        clientRate = try values.read(Settings.limitsClientRate)
    }
}

extension Configuration.Refresh {
    fileprivate init(_ values: SettingValues) throws(ConfigurationError) {
        margin = try values.read(Settings.refreshMargin)
        timeout = try values.read(Settings.refreshTimeout)
        keepAlive = try values.read(Settings.refreshKeepAlive)
    }
}

extension Configuration.Log {
    fileprivate init(_ values: SettingValues) throws(ConfigurationError) {
        level = try values.read(Settings.logLevel)
        isJSON = try values.read(Settings.logFormat) == "json"
    }
}

/// The configuration file's folder, where relative paths start.
private struct Folder {
    private let path: String

    init(of file: String) {
        let absolute =
            file.hasPrefix("/") ? file : FileManager.default.currentDirectoryPath + "/" + file
        path = absolute.split(separator: "/").dropLast().filter { $0 != "." }.reduce("") {
            $0 + "/" + $1
        }
    }

    func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(self.path)/\(path)"
    }
}
