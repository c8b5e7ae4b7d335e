import Addressing
import Configuration
import Foundation
import Testing

@Suite struct ConfigurationTests {
    private static let smallest = "publicBaseUrl: https://grants.example.com\n"

    private func configuration(
        _ text: String, environment: [String: String] = [:]
    ) throws -> Configuration {
        try Configuration(
            text: text, path: "/etc/grantkeeper/grantkeeper.yaml", environment: environment)
    }

    private func complaint(
        _ text: String, environment: [String: String] = [:]
    ) -> String {
        do {
            _ = try configuration(text, environment: environment)
            return ""
        } catch {
            return String(describing: error)
        }
    }

    @Test func `one setting is enough, and the others have their standard values`() throws {
        let configuration = try configuration(Self.smallest)
        #expect(configuration.redirectURI == "https://grants.example.com/oauth2/callback")
        #expect(configuration.database == "/etc/grantkeeper/grantkeeper.sqlite")
        #expect(configuration.keyRing.path == "/etc/grantkeeper/grantkeeper.keyring")
        #expect(configuration.socket.path == "/etc/grantkeeper/grantkeeper.sock")
        #expect(configuration.socket.mode == 0o660)
        #expect(configuration.socket.group == nil)
        #expect(configuration.workers.min == 4)
        #expect(configuration.workers.max == 1_024)
        #expect(configuration.workers.stackSize == 262_144)
        #expect(configuration.sessions.idle == .seconds(28_800))
        #expect(configuration.sessions.lifetime == .seconds(604_800))
        #expect(configuration.sessions.ticket == .seconds(60))
        #expect(configuration.stateLifetime == .seconds(600))
        #expect(configuration.allowedOrigins.isEmpty)
        #expect(!configuration.trustedUser)
        #expect(!configuration.upstream.allowHTTP)
        #expect(configuration.upstream.allowedNetworks.isEmpty)
        #expect(configuration.upstream.caFile == nil)
        #expect(configuration.upstream.headTimeout == .seconds(25))
        #expect(configuration.limits.jsonBody == 1_048_576)
        #expect(configuration.limits.body == nil)
        #expect(configuration.refresh.margin == .seconds(60))
        #expect(configuration.log.level == "info")
        #expect(!configuration.log.isJSON)
    }

    @Test func `settings in groups are read with their units`() throws {
        let configuration = try configuration(
            """
            publicBaseUrl: http://localhost:8080
            database: /var/lib/grantkeeper/db
            socket:
              path: run/gk.sock
              mode: 0600
              group: www-data
            sessions: {idle: 90s, lifetime: 2h}
            allowedOrigins:
              - https://app.example.com
              - http://localhost:5173
            trustedUser: true
            upstream:
              allowedNetworks: [127.0.0.0/8, "::1/128"]
              caFile: ca.pem
            limits:
              body: 64KiB
            log: {level: debug, format: json}
            """)
        #expect(configuration.database == "/var/lib/grantkeeper/db")
        #expect(configuration.socket.path == "/etc/grantkeeper/run/gk.sock")
        #expect(configuration.socket.mode == 0o600)
        #expect(configuration.socket.group == "www-data")
        #expect(configuration.sessions.idle == .seconds(90))
        #expect(configuration.sessions.lifetime == .seconds(7_200))
        #expect(
            configuration.allowedOrigins.map(\.description)
                == ["https://app.example.com", "http://localhost:5173"])
        #expect(configuration.trustedUser)
        #expect(
            configuration.upstream.allowedNetworks.map(\.description)
                == ["127.0.0.0/8", "::1/128"])
        #expect(configuration.upstream.caFile == "/etc/grantkeeper/ca.pem")
        #expect(configuration.limits.body == 65_536)
        #expect(configuration.log.level == "debug")
        #expect(configuration.log.isJSON)
    }

    @Test func `a group without settings is as good as none`() throws {
        let configuration = try configuration(Self.smallest + "socket:\nlog:\n  # level: debug\n")
        #expect(configuration.log.level == "info")
    }

    @Test func `the environment wins over the file`() throws {
        let configuration = try configuration(
            Self.smallest + "sessions: {idle: 1h}\nlog: {level: error}\n",
            environment: [
                "GRANTKEEPER_SESSIONS_IDLE": "2h",
                "GRANTKEEPER_PUBLIC_BASE_URL": "https://other.example",
                "GRANTKEEPER_ALLOWED_ORIGINS": "https://a.example, https://b.example",
                "GRANTKEEPER_UPSTREAM_ALLOW_HTTP": "true",
                "GRANTKEEPER_LOG_LEVEL": "",
                "GRANTKEEPER_CONFIG": "/somewhere/else.yaml",
                "PATH": "/usr/bin",
            ])
        #expect(configuration.sessions.idle == .seconds(7_200))
        #expect(configuration.publicBaseURL.description == "https://other.example")
        #expect(
            configuration.allowedOrigins.map(\.description)
                == ["https://a.example", "https://b.example"])
        #expect(configuration.upstream.allowHTTP)
        #expect(configuration.log.level == "error")
    }

    @Test func `an unknown setting is refused with its line and what was meant`() {
        #expect(
            complaint(Self.smallest + "sessions:\n  idel: 8h\n")
                == "/etc/grantkeeper/grantkeeper.yaml:3: sessions.idel is no setting;"
                + " did you mean sessions.idle?")
        #expect(
            complaint("public_base_url: https://grants.example.com\n")
                .contains(":1: public_base_url is no setting; did you mean publicBaseUrl?"))
        #expect(
            complaint(Self.smallest + "stateLifetime: 10m\n")
                .contains("stateLifetime is no setting; did you mean authorization.stateLifetime?"))
        #expect(
            complaint(Self.smallest + "frobnicate: 1\n").hasSuffix(":2: frobnicate is no setting."))
    }

    @Test func `an unknown variable is refused, one of another program is not`() {
        #expect(
            complaint(Self.smallest, environment: ["GRANTKEEPER_SESSION_IDLE": "8h"])
                == "GRANTKEEPER_SESSION_IDLE: this variable is no setting;"
                + " did you mean GRANTKEEPER_SESSIONS_IDLE?")
        #expect(
            complaint(Self.smallest, environment: ["GRANTKEEPER_LOG_LEVEL": "loud"])
                .hasPrefix("GRANTKEEPER_LOG_LEVEL: log.level can't be \"loud\"; give one of"))
        #expect(complaint(Self.smallest, environment: ["GRANTKEEPERS": "8h"]) == "")
    }

    @Test(arguments: [
        ("sessions: {idle: 8}", "sessions.idle can't be \"8\"; give a number with its unit"),
        ("sessions: {idle: 8 h}", "sessions.idle can't be \"8 h\""),
        ("sessions: {idle: -8h}", "sessions.idle can't be \"-8h\""),
        ("sessions: {idle: 99999999999999999999d}", "sessions.idle can't be"),
        ("limits: {body: 1GB}", "(did you mean 1GiB?)"),
        ("limits: {body: 1024}", "limits.body can't be \"1024\"; give a size with its unit"),
        ("limits: {body: 99999999TiB}", "limits.body can't be"),
        ("trustedUser: yes", "trustedUser can't be \"yes\"; give true or false."),
        ("socket: {mode: 660}", "socket.mode can't be \"660\""),
        ("socket: {mode: 0x1B0}", "socket.mode can't be"),
        ("workers: {max: 0}", "give a whole number from 1 to 100000"),
        ("workers: {min: 20, max: 10}", "workers.min (20) is above workers.max (10)"),
        ("sessions: {idle: 8d}", "sessions.idle (8d) is above sessions.lifetime (7d)"),
        ("log: {format: jsn}", "(did you mean json?)"),
        ("log: loud", "log is a group"),
        ("trustedUser:", "trustedUser has no value"),
        ("trustedUser: [true]", "trustedUser can't be [true]; give true or false."),
        ("trustedUser: {a: b}", "trustedUser can't be"),
        ("upstream: {allowedNetworks: [10.0.0.1/8]}", "did you mean 10.0.0.0/8?"),
        ("upstream: {allowedNetworks: [10.0.0]}", "give a list of networks"),
        ("upstream: {allowedNetworks: [10.0.0.0/33]}", "give a list of networks"),
        ("upstream: {allowedNetworks: [10.0.0.0/+8]}", "give a list of networks"),
        ("allowedOrigins: [https://a.example/]", "write https://a.example)"),
        ("allowedOrigins: ['*']", "it has to begin with https://"),
        ("allowedOrigins: [[https://a.example]]", "allowedOrigins is a list of plain values"),
        ("log: {level: info}\nlog: {level: debug}", "log stands there twice"),
        ("log: {level: info", "did not find expected"),
        ("a: &a [1]\nb: *nothing", "found undefined alias"),
        ("database: !!binary aGk=", "tag"),
        ("? [a]\n: b", "a name has to be plain text"),
    ])
    func `a wrong value is refused by name, with what would be right`(
        _ line: String, _ part: String
    ) {
        let complaint = complaint(Self.smallest + line + "\n")
        #expect(complaint.contains(part), "said: \(complaint)")
        #expect(complaint.hasPrefix("/etc/grantkeeper/grantkeeper.yaml:"), "said: \(complaint)")
    }

    /// A setting of each kind, in all the forms that its value has.
    @Test(
        arguments: [
            ("upstream.allowedNetworks", "10.0.0.0/8", true),
            ("upstream.allowedNetworks", "10.0.0.5,fd00::1", true),
            ("upstream.allowedNetworks", "[10.0.0.5, 'fd00::/8']", true),
            ("upstream.allowedNetworks", "10.0.0.1/8", false),
            ("upstream.allowedNetworks", "[10.0.0.1/8]", false),
            ("upstream.allowedNetworks", "[10.0.0.5", false),
            ("allowedOrigins", "[https://a.example, https://b.example]", true),
            ("allowedOrigins", "https://a.example/", false), ("sessions.idle", "90s", true),
            ("sessions.idle", "90", false), ("limits.body", "1MB", false),
            ("socket.mode", "0660", true), ("socket.mode", "660", false),
            ("workers.max", "ten", false), ("log.format", "jsn", false),
            ("trustedUser", "yes", false),
        ])
    func `a setting takes the same from the file, the environment and an option`(
        setting: String, value: String, isTaken: Bool
    ) throws {
        let about = try #require(Settings.all.first { $0.path == setting })
        let parts = setting.split(separator: ".")
        let line =
            parts.count > 1 ? "\(parts[0]):\n  \(parts[1]): \(value)" : "\(setting): \(value)"
        let fromEnvironment = complaint(
            Self.smallest, environment: [about.environmentName: value])
        let said = [
            complaint(Self.smallest + line + "\n"), fromEnvironment, option(setting, value),
        ]
        #expect(said.map(\.isEmpty) == [isTaken, isTaken, isTaken], "\(said)")
        guard !isTaken, !value.hasPrefix("[10.0.0.5") else { return }
        for complaint in said { #expect(complaint.contains(setting), "\(complaint)") }
        #expect(said[0].hasPrefix("/etc/grantkeeper/grantkeeper.yaml:"))
        #expect(said[2].hasPrefix("--set: \(setting) can't be"))
    }

    private func option(_ setting: String, _ value: String) -> String {
        do throws(ConfigurationError) {
            _ = try Configuration(
                options: [
                    ("--public-base-url", "publicBaseUrl", "https://grants.example.com"),
                    ("--set", setting, value),
                ], path: "/etc/grantkeeper/grantkeeper.yaml")
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `what options make together is refused by the option`() {
        #expect(option("workers.min", "2000").hasPrefix("--set: workers.min (2000) is above"))
        #expect(option("sessions.idel", "8h").hasPrefix("--set: sessions.idel is no setting"))
    }

    @Test func `a value that cannot be used is told with its setting and its line`() throws {
        let text = Self.smallest + "upstream:\n  caFile: ca.pem\n"
        #expect(
            try configuration(text).error(of: "upstream.caFile", "is not there.").description
                == "/etc/grantkeeper/grantkeeper.yaml:3: upstream.caFile is not there.")
    }

    @Test func `everything that is wrong is said at once`() {
        let complaint = complaint("sessions:\n  idle: soon\n  lifetimes: 7d\n")
        #expect(complaint.split(separator: "\n").count == 2)
    }

    @Test(arguments: [
        ("grants.example.com", "it has to begin with https://"),
        ("https://grants.example.com/", "write https://grants.example.com"),
        ("https://grants.example.com/app", "write https://grants.example.com"),
        ("https://grants.example.com:443", "write https://grants.example.com"),
        ("https://Grants.example.com", "https://grants.example.com"),
        ("https://user@grants.example.com", "user name"),
        ("https://", "its host"),
        ("https://grants..example", "its host"),
        ("https://grants.example:0", "port"),
        ("https://grants.example:http", "port"),
        ("https://[::1", "its host"),
        ("https://[::g]", "IPv6"),
        ("https://grants.example\\@evil", "user name"),
        ("ftp://grants.example", "it has to begin with https://"),
    ])
    func `the public base URL is an origin and nothing else`(_ text: String, _ part: String) {
        let complaint = complaint("publicBaseUrl: '\(text)'\n")
        #expect(complaint.contains("publicBaseUrl can't be"), "said: \(complaint)")
        #expect(complaint.contains(part), "said: \(complaint)")
    }

    @Test(arguments: [
        "https://grants.example.com", "https://grants.example.com:8443", "http://localhost:8080",
        "http://127.0.0.1:8080", "https://[2001:db8::1]:8443", "https://xn--bcher-kva.example",
    ])
    func `an origin is kept as it was written`(_ text: String) throws {
        #expect(try Origin(text).description == text)
    }

    @Test(arguments: ["", "# nothing\n", "log: {level: info}\n"])
    func `the public base URL is required`(_ text: String) {
        #expect(
            complaint(text) == "publicBaseUrl is missing; give an origin, such as"
                + " https://grants.example.com.")
    }

    @Test func `an alias can't multiply`() {
        let lines = (1...9).map { level in
            "a\(level): &a\(level) [\(repeatElement("*a\(level - 1)", count: 9).joined(separator: ","))]"
        }
        let bomb = "a0: &a0 [x]\n" + lines.joined(separator: "\n")
        #expect(complaint(bomb).contains("too large or too deep"))
    }

    @Test func `a credential of systemd is the key ring unless the file names another`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "grantkeeper-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let environment = ["CREDENTIALS_DIRECTORY": folder.path]
        let credential = folder.path + "/grantkeeper-keyring"

        let without = try configuration(Self.smallest, environment: environment).keyRing
        #expect(without.path == "/etc/grantkeeper/grantkeeper.keyring")
        #expect(!without.isCredential)

        try Data("k".utf8).write(to: folder.appending(path: "grantkeeper-keyring"))
        let with = try configuration(Self.smallest, environment: environment).keyRing
        #expect(with.path == credential)
        #expect(with.isCredential)

        let named = try configuration(
            Self.smallest + "keyRing: mine\n", environment: environment
        ).keyRing
        #expect(named.path == "/etc/grantkeeper/mine")
        #expect(!named.isCredential)
    }

    @Test func `a socket's path that the kernel can't take is refused`() {
        let path = "/" + String(repeating: "s", count: 107)
        #expect(
            complaint(Self.smallest + "socket: {path: \(path)}").contains("socket.path is too long")
        )
    }

    @Test func `the written file says every setting and is read back`() throws {
        let text = ConfigurationTemplate(given: [
            "publicBaseUrl": "http://localhost:8080", "socket.path": "/tmp/it's here: #1/gk.sock",
            "upstream.allowHttp": "true",
        ]).text
        let configuration = try configuration(text)
        #expect(configuration.publicBaseURL.description == "http://localhost:8080")
        #expect(configuration.socket.path == "/tmp/it's here: #1/gk.sock")
        #expect(configuration.upstream.allowHTTP)
        for setting in Settings.all {
            #expect(text.contains("\(setting.name): "), "\(setting.path)")
        }
    }

    @Test func `the written file's commented settings are in order once uncommented`() throws {
        let text = ConfigurationTemplate(given: ["publicBaseUrl": "http://localhost:8080"]).text
        let inForce = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.replacing(/^(\s*)#(\w)/, with: { "\($0.1)\($0.2)" }) }
            .joined(separator: "\n")
        #expect(try configuration(inForce).socket.group == "www-data")
    }

    @Test func `every standard value and example is one that its setting takes`() {
        for setting in Settings.all {
            for text in [setting.standard, setting.example].compactMap({ $0 }) {
                let yaml =
                    setting.group.map { "\($0):\n  \(setting.name): \(text)\n" }
                    ?? "\(setting.path): \(text)\n"
                let complaint = complaint(
                    setting.isRequired ? yaml : Self.smallest + yaml)
                #expect(complaint == "", "\(setting.path)")
            }
        }
    }

    @Test func `a file that does not exist is refused`() {
        #expect(throws: ConfigurationError.self) {
            try Configuration(path: "/nowhere/grantkeeper.yaml", environment: [:])
        }
    }

    @Test func `the file is the option's, else the environment's`() throws {
        let environment = ["GRANTKEEPER_CONFIG": "/from/environment.yaml"]
        #expect(
            try ConfigurationFile.find(option: "/from/option.yaml", environment: environment)
                == "/from/option.yaml")
        #expect(
            try ConfigurationFile.find(option: nil, environment: environment)
                == "/from/environment.yaml")
    }
}
