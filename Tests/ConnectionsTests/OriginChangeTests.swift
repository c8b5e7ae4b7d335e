import Connections
import Encoding
import Integrations
import Primitives
import TestSupport
import Testing

/// What becomes of connections when an integration's endpoints move.
struct OriginChangeTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive([("apiHosts", ["https://upload.test"])])
        try house.connect()
    }

    private func replace(
        _ changes: [(String, JSONValue)], confirmed: Bool = false
    ) throws -> Integration {
        try house.keeper.integrations.replace(
            "drive", with: TestKeeper.drive(changes), confirmed: confirmed)
    }

    @Test(arguments: [
        ("apiBaseUri", "https://other.test/v3"), ("apiBaseUri", "http://api.test/v3"),
        ("apiBaseUri", "https://api.test:8443/v3"), ("apiBaseUri", "https://provider.test/v3"),
        ("tokenUri", "https://other.test/token"), ("tokenUri", "https://api.test/token"),
        ("revocationUri", "https://other.test/revoke"),
        ("revocationUri", "https://api.test/revoke"),
    ])
    func `moving an endpoint to another origin needs a confirmation`(
        field: String, url: String
    ) throws {
        let house = try TestKeeper { $0.allowsHTTP = true }
        try house.addDrive()
        try house.connect()
        let error = #expect(throws: InputError.self) {
            try house.keeper.integrations.replace(
                "drive", with: TestKeeper.drive([(field, .string(url))]), confirmed: false)
        }
        guard case .conflict(.originChangeUnconfirmed, _)? = error else {
            Issue.record("refused with \(String(describing: error))")
            return
        }
        #expect(try house.call().status == 200)
    }

    @Test func `a further host needs a confirmation`() throws {
        #expect(throws: InputError.self) {
            try replace([("apiHosts", ["https://upload.test", "https://other.test"])])
        }
    }

    @Test(arguments: [
        ("apiBaseUri", "https://api.test/v4"), ("apiBaseUri", "https://upload.test"),
        ("tokenUri", "https://provider.test/token2"),
        ("revocationUri", "https://provider.test/revoke2"), ("name", "Another name"),
    ])
    func `what stays with an origin needs none`(field: String, value: String) throws {
        let changed = try replace([
            ("apiHosts", ["https://upload.test"]), (field, .string(value)),
        ])
        #expect(changed.revision == 2)
        #expect(try house.call().status == 200)
    }

    @Test func `confirmed, no old token goes to the new origin, not even to be revoked`() throws {
        _ = try replace(
            [
                ("revocationUri", "https://new.test/revoke"), ("revokesReplacedTokens", true),
                ("tokenUri", "https://new.test/token"), ("apiBaseUri", "https://new.test"),
            ], confirmed: true)
        do {
            try house.call()
            Issue.record("the call went through")
        } catch ConnectionsError.reauthorizationRequired {
        }
        try house.connect()
        try house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("alice"))
        house.clock.advance(by: 60)
        try house.keeper.background.round()
        let sent = house.network.sent(to: "https://new.test")
        #expect(!sent.contains { $0.text.contains("refresh-1") || $0.text.contains("access-1") })
        #expect(sent.contains { $0.form["token"] == "refresh-2" })
    }

    @Test func `confirmed, a connection can be ended`() throws {
        _ = try replace([("revocationUri", "https://new.test/revoke")], confirmed: true)
        try house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("alice"))
        #expect(house.network.sent(to: "https://new.test").isEmpty)
    }

    @Test func `mode and kind of credential stay while there are connections`() throws {
        #expect(throws: InputError.self) {
            try replace([("mode", "shared")], confirmed: true)
        }
        #expect(throws: InputError.self) {
            try replace([("authType", "bearer")], confirmed: true)
        }
    }
}
