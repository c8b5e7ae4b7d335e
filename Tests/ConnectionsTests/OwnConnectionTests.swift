import Connections
import Encoding
import TestSupport
import Testing

/// Owners who may no longer use what they connected.
struct OwnConnectionTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
    }

    @Test
    func `SECURITY 24: a user who lost the right to use an integration can end the connection`()
        throws
    {
        try house.connect()
        try house.connect("bob")
        _ = try house.keeper.integrations.replace(
            "drive", with: TestKeeper.drive([("allowedUsers", ["bob"])]), confirmed: true)
        let (alice, connections) = (TestKeeper.user("alice"), house.keeper.connections)
        #expect(throws: ConnectionsError.self) { try house.call() }
        #expect(throws: ConnectionsError.self) { try house.connect() }
        #expect(throws: ConnectionsError.self) {
            try house.keeper.startConnect(
                "drive", for: alice, browserID: "b", returnTo: nil, isPopup: false)
        }
        #expect(try connections.list(for: alice, start: 0, limit: 10).total == 1)
        #expect(try connections.show("drive", to: alice).connection.ownerID == "alice")
        try house.keeper.disconnector.disconnect("drive", by: alice)
        #expect(try connections.list(for: alice, start: 0, limit: 10).total == 0)
        for act in [
            { _ = try connections.show("drive", to: alice) },
            { try house.keeper.disconnector.disconnect("drive", by: alice) },
            { try house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("carol")) },
        ] {
            #expect { try act() } throws: {
                if case ConnectionsError.integrationNotFound = $0 { true } else { false }
            }
        }
        try house.keeper.background.round()
        #expect(house.network.sent(to: "https://provider.test/revoke").count == 2)
    }

    @Test func `SECURITY 24: a shared connection can always be ended by its maker`()
        throws
    {
        let fields: [(String, JSONValue)] = [("slug", "team"), ("mode", "shared")]
        try house.addDrive(fields + [("sharedManagers", ["alice"]), ("allowedUsers", ["bob"])])
        try house.connect(to: "team")
        _ = try house.keeper.integrations.replace(
            "team", with: TestKeeper.drive(fields + [("allowedUsers", ["bob"])]), confirmed: true)
        let (alice, bob) = (TestKeeper.user("alice"), TestKeeper.user("bob"))
        #expect(throws: ConnectionsError.self) { try house.call(slug: "team") }
        #expect(try house.call(slug: "team", as: "bob").status == 200)
        #expect(throws: ConnectionsError.self) {
            try house.keeper.disconnector.disconnect("team", by: bob)
        }
        try house.keeper.disconnector.disconnect("team", by: alice)
        #expect(throws: ConnectionsError.self) { try house.call(slug: "team", as: "bob") }
    }
}
