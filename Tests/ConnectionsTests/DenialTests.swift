import Connections
import Encoding
import Primitives
import TestSupport
import Testing

/// Users who say no at the provider, whose answer lacks what it should have.
struct DenialTests {
    private let house: TestKeeper
    private let alice = TestKeeper.user("alice")

    init() throws {
        house = try TestKeeper()
    }

    /// Begins a flow.
    ///
    /// - Returns: Its state.
    @discardableResult
    private func begin(_ slug: String = "drive", browserID: String = "browser") throws -> String {
        let step = try house.keeper.startConnect(
            slug, for: alice, browserID: browserID, returnTo: "/done", isPopup: false)
        guard case .provider(let url) = step else { return "" }
        return Form(encoded: url.drop { $0 != "?" }.dropFirst())?["state"] ?? ""
    }

    private func finish(
        _ query: String, browserID: String? = "browser", slug: String? = nil,
        signedIn: Caller? = nil
    ) -> (failure: ConnectFailure?, slug: String?, returnTo: String?) {
        let outcome = house.keeper.finishConnect(
            Form(encoded: query), slug: slug, browserID: browserID, signedIn: signedIn)
        guard case .failed(let failure) = outcome.result else { return (nil, nil, nil) }
        return (failure, outcome.integration?.slug, outcome.returnTo)
    }

    private func flows() throws -> Int64 {
        try house.database().read { try $0.number("SELECT count(*) FROM pendingAuthorization") }
    }

    @Test func `without a state it ends where the browser's only flow ends, which stays`() throws {
        try house.addDrive()
        let state = try begin()
        let end = finish("error=access_denied")
        #expect(end.failure == .denied)
        #expect(end.slug == "drive")
        #expect(end.returnTo == "/done")
        #expect(try flows() == 1)
        #expect(finish("code=c&state=\(state)").failure == nil)
    }

    @Test func `of two flows none is guessed, nor one of another browser or user`() throws {
        try house.addDrive()
        try begin()
        for (browser, user) in [
            ("other", nil), (nil, nil), ("browser", TestKeeper.user("bob")),
        ] as [(String?, Caller?)] {
            let end = finish("error=access_denied", browserID: browser, signedIn: user)
            #expect(end.failure == .denied)
            #expect(end.slug == nil)
            #expect(end.returnTo == nil)
        }
        try begin()
        #expect(finish("error=access_denied").slug == nil)
        #expect(try flows() == 2)
    }

    @Test func `one that has expired, or belongs to another callback, is none`() throws {
        try house.addDrive([("redirect", "own")])
        try begin()
        #expect(finish("error=access_denied").slug == nil)
        #expect(finish("error=access_denied", slug: "drive").slug == "drive")
        house.clock.advance(by: 601)
        #expect(finish("error=access_denied", slug: "drive").slug == nil)
    }

    @Test(arguments: [
        "code=c", "error=server_error", "error=made_up", "error=access_denied&state=x",
    ])
    func `SECURITY 1: nothing else is taken without its own state`(query: String) throws {
        try house.addDrive()
        try begin()
        let end = finish(query)
        #expect(end.failure == .unknownState)
        #expect(end.slug == nil)
        #expect(house.network.sent(to: "https://provider.test/token").isEmpty)
    }

    @Test func `SECURITY 7: without the promised iss a flow ends, and a refusal reads as one`()
        throws
    {
        try house.addDrive([("issuer", "https://provider.test"), ("issuerRequired", true)])
        var state = try begin()
        let denied = finish("error=access_denied&state=\(state)")
        #expect(denied.failure == .denied)
        #expect(denied.returnTo == "/done")
        #expect(finish("code=c&state=\(state)").failure == .unknownState)
        for query in ["code=c", "error=server_error", "error=access_denied&iss=https://evil.test"] {
            state = try begin()
            #expect(finish("\(query)&state=\(state)").failure == .mixedUp)
        }
        #expect(house.network.sent(to: "https://provider.test/token").isEmpty)
    }

    @Test func `SECURITY 7: another's iss beside a refusal without state points at no flow`() throws
    {
        try house.addDrive([("issuer", "https://provider.test")])
        try begin()
        #expect(finish("error=access_denied&iss=https://evil.test").slug == nil)
        #expect(finish("error=access_denied&iss=https://provider.test").slug == "drive")
    }
}
