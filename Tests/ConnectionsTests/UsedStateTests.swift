import Connections
import Encoding
import Foundation
import Primitives
import Storage
import Synchronization
import TestSupport
import Testing

/// Callbacks that come again.
struct UsedStateTests {
    private let house: TestKeeper
    private let alice = TestKeeper.user("alice")

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
    }

    private func begin(_ caller: Caller? = nil, isPopup: Bool = false) throws -> String {
        let step = try house.keeper.startConnect(
            "drive", for: caller ?? alice, browserID: "b", returnTo: "https://app.test/back",
            isPopup: isPopup)
        guard case .provider(let url) = step else { return "" }
        return try #require(Form(encoded: url.drop { $0 != "?" }.dropFirst())?["state"])
    }

    private func finish(
        _ state: String, _ answer: (String, String) = ("code", "c"), browserID: String = "b",
        signedIn: Caller? = nil
    ) -> ConnectOutcome {
        house.keeper.finishConnect(
            Form([.init(answer.0, answer.1), .init("state", state)]), slug: nil,
            browserID: browserID, signedIn: signedIn)
    }

    /// An outcome as text: what the browser is told, and where it goes.
    private func told(_ outcome: ConnectOutcome) -> String {
        let slug = outcome.integration?.slug ?? "-"
        let result =
            switch outcome.result {
            case .failed(let failure): failure.rawValue
            case .connected(let connection):
                outcome.integration.map(connection.missingScope)?.isEmpty == true
                    ? "connected" : "narrowed"
            }
        return "\(result) \(slug) \(outcome.returnTo ?? "-") \(outcome.isPopup ? "popup" : "page")"
    }

    private var tokenRequests: Int {
        house.network.sent(to: "https://provider.test/token").count
    }

    private static let back = "drive https://app.test/back page"

    @Test func `a callback that comes again ends where the first did, and asks for nothing`() throws
    {
        for isPopup in [false, true] {
            let state = try begin(isPopup: isPopup)
            let first = told(finish(state))
            #expect(first.hasPrefix("connected drive https://app.test/back"))
            #expect(first.hasSuffix(isPopup ? "popup" : "page"))
            let asked = tokenRequests
            #expect(told(finish(state)) == first)
            // A double click on the provider's button makes two codes for one state.
            #expect(told(finish(state, ("code", "another"))) == first)
            #expect(told(finish(state, signedIn: alice)) == first)
            #expect(tokenRequests == asked)
        }
    }

    @Test func `less than was asked for is said again, too`() throws {
        house.network.answer("https://provider.test/token") { _ in
            .json(["access_token": "a", "token_type": "Bearer", "scope": "less"])
        }
        let state = try begin()
        #expect(told(finish(state)) == "narrowed \(Self.back)")
        #expect(told(finish(state)) == "narrowed \(Self.back)")
        #expect(tokenRequests == 1)
    }

    @Test func `a failure ends in the same failure when it comes again`() throws {
        house.network.answer("https://provider.test/token") { _ in .json(["ok": true]) }
        let state = try begin()
        let first = told(finish(state))
        #expect(first.hasSuffix(Self.back))
        #expect(!first.hasPrefix("connected"))
        #expect(told(finish(state)) == first)
        #expect(tokenRequests == 1)
        let denied = try begin()
        for _ in 1...2 {
            #expect(
                told(finish(denied, ("error", "access_denied"))) == "access_denied \(Self.back)")
        }
    }

    @Test
    func `SECURITY 3: a code that comes after a "no" is not taken, and the "no" is not repeated`()
        throws
    {
        let state = try begin()
        _ = finish(state, ("error", "access_denied"))
        #expect(told(finish(state)) == "invalid_state \(Self.back)")
        #expect(tokenRequests == 0)
        let used = try begin()
        _ = finish(used)
        #expect(told(finish(used, ("error", "access_denied"))) == "connected \(Self.back)")
    }

    @Test func `SECURITY 1: another browser or user learns nothing of what became of a state`()
        throws
    {
        let state = try begin()
        _ = finish(state)
        #expect(told(finish(state, browserID: "other")) == "invalid_state - - page")
        #expect(
            told(finish(state, signedIn: TestKeeper.user("bob"))) == "invalid_state - - page")
    }

    @Test func `a state that has expired leads back to the application, for an hour`() throws {
        let state = try begin()
        let never = try begin()
        house.clock.advance(by: 600)
        try house.keeper.background.round()
        #expect(told(finish(state, browserID: "other")) == "invalid_state - - page")
        for _ in 1...2 { #expect(told(finish(state)) == "invalid_state \(Self.back)") }
        house.clock.advance(by: 3600)
        try house.keeper.background.round()
        #expect(told(finish(never)) == "invalid_state - - page")
        #expect(told(finish(state)) == "invalid_state - - page")
        #expect(tokenRequests == 0)
        for table in ["pendingAuthorization", "usedState"] {
            #expect(
                try house.database().read { try $0.number("SELECT count(*) FROM \(table)") } == 0)
        }
    }

    @Test func `RELIABILITY 8: an expired state that came back is dead, the calendar set back`()
        throws
    {
        let state = try begin()
        house.clock.set(by: 601)
        #expect(told(finish(state)) == "invalid_state \(Self.back)")
        house.clock.set(by: -601)
        #expect(told(finish(state)) == "invalid_state \(Self.back)")
        #expect(tokenRequests == 0)
    }

    /// What a second callback is told that comes while the provider is asked for tokens.
    private func toldMeanwhile(_ state: String, after seconds: Int64) -> String {
        let second = Mutex("")
        let network = house.network
        network.answer("https://provider.test/token") { request in
            house.clock.advance(by: seconds)
            second.withLock { $0 = told(finish(state)) }
            return network.usualAnswer(request)
        }
        #expect(told(finish(state)) == "connected \(Self.back)")
        return second.withLock { $0 }
    }

    @Test func `one that comes while the first is under way waits, and not for ever`() throws {
        #expect(toldMeanwhile(try begin(), after: 0) == "connect_under_way \(Self.back)")
        #expect(abs(house.clock.waits.reduce(0, +) - 20) < 1)
    }

    @Test func `one whose process died is not waited for`() throws {
        #expect(toldMeanwhile(try begin(), after: 120) == "invalid_state \(Self.back)")
        #expect(house.clock.waits.isEmpty)
    }

    @Test func `of 20 that come at once one asks the provider`() throws {
        let state = try begin()
        let ends = Mutex<Set<String>>([])
        onThreads(20) {
            let end = told(finish(state))
            ends.withLock { _ = $0.insert(end) }
        }
        #expect(tokenRequests == 1)
        #expect(
            ends.withLock { $0 }.subtracting([
                "connected \(Self.back)", "connect_under_way \(Self.back)",
            ]) == [])
    }

    @Test func `a connection that was ended meanwhile is not said to be there`() throws {
        let state = try begin()
        _ = finish(state)
        try house.keeper.disconnector.disconnect("drive", by: alice)
        #expect(told(finish(state)) == "invalid_state \(Self.back)")
    }

    @Test func `SECURITY 3: signing out forgets what became of the states, too`() throws {
        let sessions = house.keeper.sessions
        for endsAll in [false, true] {
            let (id, _) = try sessions.create(userID: "alice", isSuperuser: false)
            let caller = try #require(try sessions.find(id)).caller
            let state = try begin(caller)
            _ = finish(state)
            if endsAll {
                _ = try sessions.endAll(ofUser: "alice")
            } else {
                try sessions.end(caller)
            }
            #expect(told(finish(state)) == "invalid_state - - page")
        }
    }

    @Test
    func `SECURITY 19: what became of a state is found by its hash, and only the newest of a user`()
        throws
    {
        let first = try begin()
        _ = finish(first, ("error", "access_denied"))
        for _ in 0..<40 {
            house.clock.advance(by: 1)
            _ = finish(try begin(), ("error", "access_denied"))
        }
        let database = try house.database()
        #expect(try database.read { try $0.number("SELECT count(*) FROM usedState") } == 32)
        #expect(told(finish(first, ("error", "access_denied"))) == "invalid_state - - page")
        let last = try begin()
        _ = finish(last)
        for file in ["keeper.db", "keeper.db-wal"] {
            let bytes = try Data(contentsOf: URL(filePath: house.directory.file(file)))
            #expect(bytes.range(of: Data(last.utf8)) == nil)
        }
    }
}
