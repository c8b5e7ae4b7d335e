import Connections
import TestSupport
import Testing

struct MetricsTests {
    @Test func `requests are counted by the status of their answers`() throws {
        let front = try Front()
        for target in ["/nowhere", "/grantkeeper/healthz", "/nowhere"] {
            _ = try front.ask(.get, target)
        }
        let lines = try front.ask(.get, "/grantkeeper/metrics").body.split(separator: "\n")
        #expect(
            lines.filter { $0.hasPrefix("grantkeeper_requests_total") } == [
                "grantkeeper_requests_total{status=\"200\"} 1",
                "grantkeeper_requests_total{status=\"404\"} 2",
            ])
    }

    @Test func `the metrics tell how connections and revocations stand`() throws {
        let front = try Front()
        try front.house.addDrive()
        try front.house.connect()
        try front.house.connect("bob")
        try front.house.connect("carol")
        front.house.clock.advance(by: 3600)
        front.house.network.answer("https://provider.test/token") { _ in
            .refusal("invalid_grant")
        }
        #expect(throws: ConnectionsError.self) { try front.house.call() }
        try front.house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("bob"))
        let text = try front.ask(.get, "/grantkeeper/metrics").body
        for line in [
            "grantkeeper_connections{status=\"active\"} 1",
            "grantkeeper_connections{status=\"reauthorization_required\"} 1",
            "grantkeeper_events_total{event=\"grant_died\"} 1",
            "grantkeeper_revocations{state=\"waiting\"} 1",
            "grantkeeper_unstored_tokens 0",
            "# TYPE grantkeeper_events_total counter",
        ] {
            #expect(text.split(separator: "\n").contains(Substring(line)), "\(line)")
        }
    }

    @Test func `a connection says why and since when it has to be authorized again`() throws {
        let front = try Front()
        try front.house.addDrive()
        try front.house.connect()
        front.house.clock.advance(by: 3600)
        front.house.network.answer("https://provider.test/token") { _ in
            .refusal("invalid_grant")
        }
        #expect(throws: ConnectionsError.self) { try front.house.call() }
        let connection = try front.house.keeper.connections.find(
            "drive", for: TestKeeper.user("alice")
        ).connection
        #expect(connection.statusReason == .invalidGrant)
        #expect(connection.statusSince == front.house.clock.now)
    }
}
