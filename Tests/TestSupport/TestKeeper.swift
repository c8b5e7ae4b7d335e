import Addressing
import Connections
import Encoding
import HTTPTypes
import Headers
import Integrations
import Keeper
import Logging
import Primitives
import Proxying
import Storage
import Vault

/// A keeper on a file of its own, with a clock and a network that the test controls.
package final class TestKeeper: Sendable {
    package static let publicBaseURL = origin("https://app.test")
    package let directory: TemporaryDirectory
    package let clock: TestClock
    package let network: FakeNetwork
    package let keyRingFile: KeyRingFile
    package let keeper: Keeper

    package init(
        catalogue: ProviderCatalogue = .empty, logger: Logger = silence,
        _ change: (inout KeeperSettings) -> Void = { _ in }
    ) throws {
        directory = try TemporaryDirectory()
        clock = TestClock()
        network = FakeNetwork()
        keyRingFile = KeyRingFile(path: directory.file("keys"))
        try directory.write(KeyRing.newText(), to: "keys", mode: 0o600)
        var settings = KeeperSettings(publicBaseURL: Self.publicBaseURL)
        change(&settings)
        keeper = try Keeper(
            settings: settings, databasePath: directory.file("keeper.db"),
            keyRing: LiveKeyRing(keyRingFile), transport: network, catalogue: catalogue,
            clock: clock.clock, logger: logger)
    }

    package var databasePath: String { directory.file("keeper.db") }

    /// Returns a keeper on the same file, as in another process.
    ///
    /// - Parameter keyRing: The key ring, read again; by default the same file.
    package func neighbour(keyRing: KeyRingFile? = nil) throws -> Keeper {
        try Keeper(
            settings: keeper.settings, databasePath: databasePath,
            keyRing: LiveKeyRing(keyRing ?? keyRingFile), transport: network, clock: clock.clock,
            logger: Self.silence)
    }

    private static func origin(_ text: String) -> Origin {
        guard let url = AbsoluteURL(text) else { preconditionFailure("\(text) is no origin") }
        return url.origin
    }

    package static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Opens the database file, to read it or to tamper with it.
    package func database() throws -> Database {
        try Database(path: databasePath, migrations: Schema.migrations)
    }

    /// Returns the fields of an OAuth integration.
    package static func drive(_ changes: [(String, JSONValue)] = []) -> JSONValue {
        let usual: [(String, JSONValue)] = [
            ("slug", "drive"), ("name", "Drive"), ("authUri", "https://provider.test/authorize"),
            ("tokenUri", "https://provider.test/token"),
            ("revocationUri", "https://provider.test/revoke"),
            ("apiBaseUri", "https://api.test/v3"), ("scope", "files"), ("clientId", "client"),
            ("clientSecret", "client-secret-canary"),
        ]
        let changed = Set(changes.map(\.0))
        return .object(usual.filter { !changed.contains($0.0) } + changes)
    }

    @discardableResult
    package func addDrive(_ changes: [(String, JSONValue)] = []) throws -> Integration {
        try keeper.integrations.add(Self.drive(changes))
    }

    /// Adds an integration that takes an API key.
    @discardableResult
    package func addNews(_ changes: [(String, JSONValue)] = []) throws -> Integration {
        let usual: [(String, JSONValue)] = [
            ("slug", "news"), ("authType", "apikey"), ("apiBaseUri", "https://news.test"),
        ]
        let changed = Set(changes.map(\.0))
        return try keeper.integrations.add(
            .object(usual.filter { !changed.contains($0.0) } + changes))
    }

    /// Returns the problem of the integration that the closure adds; `nil` when it is accepted.
    package func problem<T>(_ add: () throws -> T) -> String? {
        do {
            _ = try add()
            return nil
        } catch InputError.invalid(_, let detail) {
            return detail
        } catch {
            return "\(error)"
        }
    }

    /// Connects a user by a code that the caller hands over.
    @discardableResult
    package func connect(
        _ user: String = "alice", to slug: String = "drive", with json: JSONValue = ["code": "c"]
    ) throws -> Connection {
        try keeper.handOver(json, to: slug, by: Self.user(user)).connection
    }

    package static func user(_ id: String) -> Caller { Caller(userID: id, isSuperuser: false) }
    package static let root = Caller(userID: "root", isSuperuser: true)

    /// Makes a proxied call and reads the whole answer.
    @discardableResult
    package func call(
        _ url: String = "/files", method: HTTPRequest.Method = .get, slug: String = "drive",
        as user: String = "alice", headers: [(name: String, value: String)] = [],
        by neighbour: Keeper? = nil
    ) throws -> (status: Int, headers: HeaderFields, body: String) {
        let answer = try (neighbour ?? keeper).relay(
            ProxyCall(
                method: method, target: .url(url, parameters: Form()),
                headers: .written(headers),
                body: method == .get || method == .head ? .none : .bytes([])),
            through: slug, by: Self.user(user))
        var body: [UInt8] = []
        try answer.drain(to: { body += $0 }, beforeWaiting: {})
        return (answer.status.code, answer.headers, String(decoding: body, as: UTF8.self))
    }
}
