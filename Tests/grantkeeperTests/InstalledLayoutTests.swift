import Configuration
import Foundation
import Testing
import grantkeeper

/// What init writes, nginx reads and systemd opens has to be the same.
@Suite struct InstalledLayoutTests {
    private let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
            .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private var configuration: Configuration {
        get throws {
            var given = InstalledLayout.settings
            given["publicBaseUrl"] = "https://app.example.com"
            return try Configuration(
                text: ConfigurationTemplate(given: given).text,
                path: "\(InstalledLayout.configurationFolder)/grantkeeper.yaml", environment: [:])
        }
    }

    @Test func `the socket is the one of nginx's upstream and of the socket unit`() throws {
        let socket = try configuration.socket.path
        #expect(try lines("nginx/grantkeeper-upstream.conf").contains("server unix:\(socket);"))
        #expect(try lines("scripts/systemd/grantkeeper.socket").contains("ListenStream=\(socket)"))
    }

    @Test func `the service unit runs as the key ring's owner, on this configuration and data`()
        throws
    {
        let unit = try lines("scripts/systemd/grantkeeper.service")
        let folder = InstalledLayout.configurationFolder
        let serve = "serve --config \(folder)/grantkeeper.yaml"
        #expect(unit.contains("ExecStart=/usr/local/bin/grantkeeper \(serve)"))
        #expect(unit.contains("User=\(InstalledLayout.user)"))
        #expect(unit.contains("StateDirectory=grantkeeper"))
        #expect(InstalledLayout.stateFolder == "/var/lib/grantkeeper")
        #expect(try configuration.database.hasPrefix("\(InstalledLayout.stateFolder)/"))
        #expect(try configuration.keyRing.path.hasPrefix("\(folder)/"))
    }

    @Test func `the service unit has room for as many workers as are standard`() throws {
        let limit = try lines("scripts/systemd/grantkeeper.service")
            .compactMap { $0.split(separator: "LimitNOFILE=").first.flatMap { Int($0) } }.first
        let workers = try configuration.workers.max
        #expect(DescriptorLimit(descriptors: try #require(limit)).mostWorkers >= workers)
    }
}
