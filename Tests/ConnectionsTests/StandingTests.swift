import Connections
import Encoding
import Foundation
import HTTPClient
import Primitives
import Storage
import TestSupport
import Testing

/// What is begun for a user who is signed out before it is stored.
struct StandingTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
    }

    private func signIn(_ user: String = "alice") throws -> (id: String, caller: Caller) {
        let (id, _) = try house.keeper.sessions.create(userID: user, isSuperuser: false)
        return (id, try #require(try house.keeper.sessions.find(id)).caller)
    }

    /// Begins a flow, and returns its state.
    private func begin(_ caller: Caller) throws -> String {
        let step = try house.keeper.startConnect(
            "drive", for: caller, browserID: "b", returnTo: nil, isPopup: false)
        guard case .provider(let url) = step,
            let state = Form(encoded: url.drop { $0 != "?" }.dropFirst())?["state"]
        else { throw CocoaError(.coderValueNotFound) }
        return state
    }

    private func finish(_ state: String) -> ConnectFailure? {
        let fields = Form([.init("code", "c"), .init("state", state)])
        let outcome = house.keeper.finishConnect(
            fields, slug: nil, browserID: "b", signedIn: nil)
        if case .failed(let failure) = outcome.result { return failure }
        return nil
    }

    private func count(_ table: String) throws -> Int64 {
        try house.database().read { try $0.number("SELECT count(*) FROM \(table)") }
    }

    private var revoked: [String?] {
        house.network.sent(to: "https://provider.test/revoke").map { $0.form["token"] }
    }

    /// Has the closure called while the provider is asked for tokens.
    private func whileExchanging(_ act: @escaping @Sendable () throws -> Void) {
        let network = house.network
        network.answer("https://provider.test/token") { request in
            try act()
            return network.usualAnswer(request)
        }
    }

    @Test func `SECURITY 3: no flow that begins while its session ends is left`() throws {
        let keeper = house.keeper
        for _ in 0..<120 {
            let (_, caller) = try signIn()
            let begins = Thread {
                _ = try? keeper.startConnect(
                    "drive", for: caller, browserID: "b", returnTo: nil, isPopup: false)
            }
            begins.start()
            try keeper.sessions.end(caller)
            #expect(eventually { begins.isFinished })
        }
        #expect(try count("session") == 0)
        #expect(try count("pendingAuthorization") == 0)
    }

    @Test func `SECURITY 3: a flow cannot begin for a session that was ended`() throws {
        let (_, caller) = try signIn()
        try house.keeper.sessions.end(caller)
        #expect { try begin(caller) } throws: { Self.isSignedOut($0) }
        #expect(try count("pendingAuthorization") == 0)
    }

    private static func isSignedOut(_ error: any Error) -> Bool {
        if case ConnectionsError.signedOut = error { true } else { false }
    }

    @Test func `SECURITY 3: logging out during the exchange of the code leaves no connection`()
        throws
    {
        let (_, caller) = try signIn()
        let state = try begin(caller)
        let keeper = house.keeper
        whileExchanging { try keeper.sessions.end(caller) }
        #expect(finish(state) == .unknownState)
        #expect(try count("connection") == 0)
        try keeper.background.round()
        #expect(revoked == ["refresh-1", "access-1"])
    }

    @Test func `removing a user during the exchange of the code leaves no connection`() throws {
        let (_, caller) = try signIn()
        let state = try begin(caller)
        let keeper = house.keeper
        whileExchanging {
            _ = try keeper.sessions.endAll(ofUser: "alice")
            _ = try keeper.disconnector.disconnectAll(
                ofUser: "alice", integration: nil, includingShared: true)
        }
        #expect(finish(state) == .unknownState)
        #expect(try count("connection") == 0)
    }

    @Test(arguments: [true, false])
    func `an API key that is revoked during the exchange of the code makes no connection`(
        isForAnother: Bool
    ) throws {
        let keys = house.keeper.apiKeys
        let (key, stored) = try keys.create(
            userID: "root", isSuperuser: true, name: "")
        let found = try #require(try keys.find(key))
        let caller = isForAnother ? found.caller(onBehalfOf: "alice") : found.caller
        whileExchanging { _ = try keys.revoke(id: stored.id) }
        #expect {
            try house.keeper.handOver(["code": "c"], to: "drive", by: caller)
        } throws: { Self.isSignedOut($0) }
        #expect(try count("connection") == 0)
        try house.keeper.background.round()
        #expect(revoked == ["refresh-1", "access-1"])
    }

    @Test func `a key that is revoked during a request makes no session and no integration`() throws
    {
        let keys = house.keeper.apiKeys
        let (key, stored) = try keys.create(userID: "root", isSuperuser: true, name: "")
        let caller = try #require(try keys.find(key)).caller
        let issuer = "https://issuer.test"
        house.network.answer("\(issuer)/.well-known/") { _ in
            _ = try keys.revoke(id: stored.id)
            return .json([
                "issuer": .string(issuer), "authorization_endpoint": "https://issuer.test/a",
                "token_endpoint": "https://issuer.test/t",
            ])
        }
        let fields: JSONValue = [
            "slug": "late", "name": "Late", "issuer": .string(issuer), "clientId": "c",
            "clientSecret": "s", "apiBaseUri": "https://api.test",
        ]
        #expect {
            try house.keeper.integrations.add(fields, by: caller)
        } throws: { Self.isSignedOut($0) }
        #expect {
            try house.keeper.integrations.replace(
                "drive", with: TestKeeper.drive([("name", "Stolen")]), confirmed: true, by: caller)
        } throws: { Self.isSignedOut($0) }
        #expect {
            try house.keeper.sessions.create(userID: "mallory", isSuperuser: true, by: caller)
        } throws: { Self.isSignedOut($0) }
        #expect {
            try house.keeper.disconnector.remove("drive", disconnecting: true, by: caller)
        } throws: { Self.isSignedOut($0) }
        #expect(try count("integration") == 1)
        #expect(try count("session") == 0)
    }

    @Test func `a session that was ended gets no ticket`() throws {
        let (id, caller) = try signIn()
        try house.keeper.sessions.end(caller)
        #expect {
            try house.keeper.sessions.ticket(forSession: id, userID: "alice", returnTo: nil)
        } throws: { Self.isSignedOut($0) }
        #expect(try count("sessionTicket") == 0)
    }
}
