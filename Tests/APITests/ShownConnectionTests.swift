import TestSupport
import Testing

struct ShownConnectionTests {
    private let front: Front

    init() throws {
        front = try Front()
        try front.house.addDrive()
        try front.house.connect()
    }

    private func shown(_ user: Front.Fields) throws -> Front.Answer {
        try front.ask(.get, "/api/integrations/drive/connection", user)
    }

    @Test func `a connection that is shown again is the same to the byte`() throws {
        let alice = try front.session()
        let first = try shown(alice)
        #expect(first.json["ownerId"]?.stringValue == "alice")
        #expect(first.json["tokenExpiresAt"]?.stringValue == "2024-02-09T11:00:00Z")
        front.house.clock.advance(by: 30)
        #expect(try shown(alice).body == first.body)
    }

    @Test func `a connection is shown as it is after each change`() throws {
        let alice = try front.session()
        let first = try shown(alice)
        front.house.clock.advance(by: 3600)
        front.house.network.answer("https://provider.test/token") { _ in
            .refusal("invalid_grant")
        }
        #expect(throws: (any Error).self) { try front.house.call() }
        #expect(first.json["status"]?.stringValue == "active")
        #expect(try shown(alice).json["status"]?.stringValue == "reauthorization_required")
        try front.house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("alice"))
        #expect(try shown(alice).code == "connection_not_found")
    }

    @Test func `a connection is shown with its integration's present address`() throws {
        let alice = try front.session()
        #expect(try shown(alice).json["apiBaseUri"]?.stringValue == "https://api.test/v3")
        _ = try front.house.keeper.integrations.update(
            "drive", with: ["apiBaseUri": "https://api.test/v4"], confirmed: false)
        #expect(try shown(alice).json["apiBaseUri"]?.stringValue == "https://api.test/v4")
    }

    @Test func `each user is shown the own connection`() throws {
        try front.house.connect("bob")
        for user in ["alice", "bob", "alice"] {
            #expect(try shown(front.session(user)).json["ownerId"]?.stringValue == user)
        }
    }
}
