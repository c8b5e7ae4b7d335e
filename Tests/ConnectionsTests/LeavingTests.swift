import Connections
import TestSupport
import Testing

/// People who leave: what an operator ends for them.
struct LeavingTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
        try house.addDrive([("slug", "team"), ("mode", "shared"), ("sharedManagers", ["alice"])])
        try house.addNews()
        try house.connect()
        try house.connect("bob")
        try house.connect(to: "team")
        try house.connect(to: "news", with: ["apiKey": "k"])
    }

    @Test func `all connections of a user end, and their tokens are queued to be revoked`() throws {
        let outcome = try house.keeper.disconnector.disconnectAll(
            ofUser: "alice", integration: nil, includingShared: false)
        #expect(outcome.ended.map(\.slug) == ["drive", "news"])
        #expect(outcome.ended.map(\.outlook) == [.queued, .none])
        #expect(outcome.left == ["team"])
        #expect(throws: ConnectionsError.self) { try house.call() }
        #expect(try house.call(as: "bob").status == 200)
        #expect(try house.call(slug: "team", as: "bob").status == 200)
        #expect(try house.keeper.revocations.list().map(\.userID) == ["alice"])
    }

    @Test func `shared ones end when that is asked for, and one integration's alone too`() throws {
        let one = try house.keeper.disconnector.disconnectAll(
            ofUser: "alice", integration: "news", includingShared: false)
        #expect(one.ended.map(\.slug) == ["news"])
        let rest = try house.keeper.disconnector.disconnectAll(
            ofUser: "alice", integration: nil, includingShared: true)
        #expect(rest.ended.map(\.slug) == ["drive", "team"])
        #expect(throws: ConnectionsError.self) { try house.call(slug: "team", as: "bob") }
    }

    @Test func `a user is signed out everywhere`() throws {
        let (session, _) = try house.keeper.sessions.create(userID: "alice", isSuperuser: false)
        let ticket = try house.keeper.sessions.ticket(
            forSession: session, userID: "alice", returnTo: nil)
        let (key, _) = try house.keeper.apiKeys.create(
            userID: "alice", isSuperuser: false, name: "")
        let (others, _) = try house.keeper.sessions.create(userID: "bob", isSuperuser: false)
        #expect(try house.keeper.sessions.endAll(ofUser: "alice") == 1)
        #expect(try house.keeper.apiKeys.revokeAll(ofUser: "alice") == 1)
        #expect(try house.keeper.sessions.find(session) == nil)
        #expect(try house.keeper.sessions.userID(ofTicket: ticket) == nil)
        #expect(try house.keeper.apiKeys.find(key) == nil)
        #expect(try house.keeper.sessions.find(others) != nil)
    }

    @Test func `connections are listed by user, integration and status`() throws {
        let connections = house.keeper.connections
        let all = try connections.listAll(ownerID: nil, integration: nil, status: nil)
        #expect(all.map(\.slug) == ["drive", "news", "team", "drive"])
        let bobs = try connections.listAll(ownerID: "bob", integration: "drive", status: .active)
        #expect(bobs.map(\.connection.ownerID) == ["bob"])
        let dead = try connections.listAll(
            ownerID: nil, integration: nil, status: .reauthorizationRequired)
        #expect(dead.isEmpty)
    }
}
