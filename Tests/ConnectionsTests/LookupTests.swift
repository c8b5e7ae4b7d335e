import Connections
import Encoding
import Foundation
import HTTPClient
import HTTPTypes
import Keeper
import Logging
import OAuth
import Primitives
import Synchronization
import TestSupport
import Testing
import Vault

/// What is asked right after connecting, and what becomes of the tokens when nothing comes of it.
struct LookupTests {
    private static let address = "https://api.test/sites"
    private let house: TestKeeper
    private let alice = TestKeeper.user("alice")

    init() throws {
        house = try TestKeeper()
        try house.addDrive(Self.fields)
        house.network.answer(Self.address) { _ in .json([["id": 7]]) }
    }

    private static let fields: [(String, JSONValue)] = [
        ("lookup", ["uri": .string(address)]), ("apiBaseUri", "https://api.test/{cloudId}"),
        ("connectionData", ["cloudId": ["from": "lookup", "name": "[0].id", "pattern": "[0-9]+"]]),
    ]

    private var lookups: [SentRequest] { house.network.sent(to: Self.address) }
    private var refreshes: [String?] {
        house.network.sent(to: "https://provider.test/token")
            .filter { $0.form["grant_type"] == "refresh_token" }.map { $0.form["refresh_token"] }
    }

    private func connected(_ user: String = "alice") throws -> Connection {
        try house.keeper.connections.find("drive", for: TestKeeper.user(user)).connection
    }

    /// A whole redirect flow of Alice's.
    private func flow() throws -> ConnectFailure? {
        let step = try house.keeper.startConnect(
            "drive", for: alice, browserID: "b", returnTo: nil, isPopup: false)
        guard case .provider(let url) = step else { throw Unexpected() }
        let query = try #require(Form(encoded: String(url.split(separator: "?")[1])))
        var fields = Form()
        fields.append("code", "c")
        fields.append("state", try #require(query["state"]))
        let outcome = house.keeper.finishConnect(
            fields, slug: nil, browserID: "b", signedIn: alice)
        if case .failed(let failure) = outcome.result { return failure }
        return nil
    }

    private struct Unexpected: Error {}

    /// The error with which something is handed over in vain.
    private func refusal(of json: JSONValue) -> (any Error)? {
        do {
            try house.connect(with: json)
            return nil
        } catch {
            return error
        }
    }

    // MARK: Trouble, and what is none

    static let trouble: [@Sendable () throws -> FakeAnswer] = [
        { FakeAnswer(503) }, { FakeAnswer(500) }, { FakeAnswer(429) },
        { throw HTTPClientError.timedOut(.sent) }, { throw HTTPClientError.broken(.sent, "x") },
        { throw HTTPClientError.connectionFailed("x") },
    ]

    @Test(arguments: trouble.indices)
    func `a lookup in trouble is tried again, twice`(index: Int) throws {
        let (house, trouble) = (house, Self.trouble[index])
        house.network.answer(Self.address) { _ in
            house.network.sent(to: Self.address).count < 3 ? try trouble() : .json([["id": 7]])
        }
        #expect(try flow() == nil)
        #expect(lookups.count == 3)
        #expect(house.clock.waits.count == 2)
        #expect(try connected().data == #"{"cloudId":"7"}"#)
    }

    @Test(arguments: trouble.indices)
    func `trouble that lasts is the provider's, and the code's tokens are revoked`(index: Int)
        throws
    {
        let trouble = Self.trouble[index]
        house.network.answer(Self.address) { _ in try trouble() }
        #expect(try flow() == .providerUnavailable)
        #expect(lookups.count == 3)
        #expect(throws: ConnectionsError.self) { try connected() }
        #expect(try house.keeper.revocations.list().count == 1)
    }

    @Test(arguments: [302, 400, 401, 403, 404])
    func `another answer is not asked for twice, and no redirect followed (SECURITY 31)`(
        status: Int
    ) throws {
        house.network.answer(Self.address) { _ in
            FakeAnswer(status, headers: [.location: "https://evil.test/"])
        }
        #expect(try flow() == .answerIncomplete)
        #expect(lookups.count == 1)
        #expect(house.network.sent(to: "https://evil.test").isEmpty)
    }

    @Test func `all attempts together take no longer than 20 seconds`() throws {
        let clock = house.clock
        house.network.answer(Self.address) { _ in
            clock.advance(by: 15)
            throw HTTPClientError.timedOut(.sent)
        }
        #expect(try flow() == .providerUnavailable)
        #expect(lookups.count == 2)
    }

    @Test func `a compressed answer is read, though none was asked for`() throws {
        let bytes = try #require(Data(base64Encoded: "H4sIAAAAAAACA4uuVspMUbIyr40FANbUaGwKAAAA"))
        house.network.answer(Self.address) { _ in
            var answer = FakeAnswer(headers: [.contentEncoding: "gzip"])
            answer.bytes = [UInt8](bytes)
            return answer
        }
        #expect(try flow() == nil)
        #expect(lookups.last?.headers[.acceptEncoding] == "identity")
    }

    @Test func `SECURITY 36: an answer that is too long is none`() throws {
        house.network.answer(Self.address) { _ in
            FakeAnswer(body: String(repeating: " ", count: 5_000_000))
        }
        #expect(try flow() == .answerIncomplete)
        #expect(lookups.count == 1)
    }

    @Test(
        arguments: [
            .broken(.sent, "canary"), .malformedResponse("canary"), .other("canary"),
            .badURL("canary"), .addressRefused("canary"), .badRequest("canary"),
        ] as [HTTPClientError])
    func `SECURITY 26: nothing of what libcurl says gets out`(error: HTTPClientError) throws {
        house.network.answer(Self.address) { _ in throw error }
        let refused = try #require(refusal(of: ["accessToken": "canary-token"]))
        #expect(!"\(refused)".contains("canary"))
    }

    @Test func `SECURITY 26: nothing of what the API says gets out`() throws {
        for answer in [
            FakeAnswer(404, body: "canary"), FakeAnswer(body: "<canary>"),
            .json([["id": "canary"]]), .json(["canary": "canary"]),
        ] {
            house.network.answer(Self.address) { _ in answer }
            let refused = try #require(refusal(of: ["accessToken": "canary-token"]))
            #expect(!"\(refused)".contains("canary"))
        }
    }

    @Test func `SECURITY 26: what repeats a token is not kept and shown`() throws {
        for definition: JSONValue in [
            ["from": "token", "name": "inner.tk"], ["from": "token", "name": "rt"],
        ] {
            let problem = house.problem {
                try house.addDrive([
                    ("slug", "other"), ("connectionData", ["leak": definition]),
                    ("tokenResponse", ["at": "inner", "accessToken": "tk", "refreshToken": "rt"]),
                ])
            }
            #expect(problem?.contains("would show a secret") == true)
        }
        _ = try house.keeper.integrations.update(
            "drive",
            with: [
                "connectionData": ["cloudId": ["from": "lookup", "name": "[0].id"]],
                "apiBaseUri": "https://api.test",
            ], confirmed: false)
        house.network.answer(Self.address) { request in
            let token = request.headers[.authorization]?.dropFirst(7) ?? ""
            return .json([["id": .string(String(token))]])
        }
        #expect(try flow() == .answerIncomplete)
        guard case ConnectionsError.lookupFailed? = refusal(of: ["accessToken": "canary"]) else {
            Issue.record("a token was kept as data")
            return
        }
    }

    // MARK: Whose tokens they are

    @Test(
        arguments: [
            ["accessToken": "a"], ["accessToken": "a", "refreshToken": "r"], ["refreshToken": "r"],
        ] as [JSONValue], [FakeAnswer(503), .json([])])
    func `tokens that were handed over are never revoked for it`(
        given: JSONValue, answer: FakeAnswer
    ) throws {
        house.network.answer(Self.address) { _ in answer }
        let error = refusal(of: given)
        switch (answer.status, error) {
        case (503, ConnectionsError.provider(.outage)?), (200, ConnectionsError.lookupFailed?):
            break
        default: Issue.record("\(String(describing: error))")
        }
        #expect(throws: ConnectionsError.self) { try connected() }
        #expect(try house.keeper.revocations.list().isEmpty)
    }

    @Test func `a refresh token that was used up meanwhile works when it is handed over again`()
        throws
    {
        house.network.answer(Self.address) { _ in FakeAnswer(503) }
        for _ in 0..<2 { #expect(refusal(of: ["refreshToken": "once"]) != nil) }
        house.network.answer(Self.address) { _ in .json([["id": 7]]) }
        try house.connect(with: ["refreshToken": "once"])
        house.clock.advance(by: 3_590)
        try house.call()
        #expect(refreshes == ["once", "refresh-1", "refresh-2", "refresh-3"])
        // An answer that was lost is asked for again.
        let again = try house.connect(with: ["refreshToken": "once"])
        #expect(try again.id == connected().id)
        #expect(refreshes.count == 4)
    }

    @Test func `a refresh token that was refreshed is not sent again for other data`() throws {
        house.network.answer(Self.address) { _ in .json([["id": 7]]) }
        let data: JSONValue = [
            "cloudId": ["from": "lookup", "name": "[0].id", "pattern": "[0-9]+"],
            "note": ["from": "user", "optional": true],
        ]
        _ = try house.keeper.integrations.update(
            "drive", with: ["connectionData": data], confirmed: false)
        try house.connect(with: ["refreshToken": "once", "data": ["note": "a"]])
        let error = refusal(of: ["refreshToken": "once", "data": ["note": "b"]])
        guard case InputError.conflict(code: .refreshTokenUsed, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refreshes == ["once"])
        try house.keeper.disconnector.disconnect("drive", by: alice)
        _ = refusal(of: ["refreshToken": "once"])
        #expect(refreshes == ["once", "once"])
    }

    @Test func `what it became outlives that the integration is put right`() throws {
        house.network.answer(Self.address) { _ in FakeAnswer(404) }
        #expect(refusal(of: ["refreshToken": "once"]) != nil)
        _ = try house.keeper.integrations.update(
            "drive", with: ["name": "Mended"], confirmed: false)
        house.network.answer(Self.address) { _ in .json([["id": 7]]) }
        try house.connect(with: ["refreshToken": "once"])
        #expect(refreshes == ["once", "refresh-1"])
    }

    @Test func `of two that hand over the same token at once, one asks`() async throws {
        house.network.answer(Self.address) { _ in .json([["id": 7]]) }
        let house = house
        let ids = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<4 {
                group.addTask { try? house.connect(with: ["refreshToken": "once"]).id }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try Set(ids.compactMap { $0 }) == [connected().id])
        #expect(refreshes == ["once"])
    }

    @Test func `who has connected otherwise since is not given that for an old token`() throws {
        house.network.answer(Self.address) { _ in .json([["id": 7]]) }
        try house.connect(with: ["refreshToken": "once"])
        house.clock.advance(by: 60)
        #expect(try flow() == nil)
        try house.connect(with: ["refreshToken": "once"])
        #expect(refreshes == ["once", "once"])
    }

    @Test func `what it became is given to no one else, and is not kept for long`() throws {
        house.network.answer(Self.address) { _ in FakeAnswer(503) }
        #expect(refusal(of: ["refreshToken": "once"]) != nil)
        house.network.answer(Self.address) { _ in .json([["id": 7]]) }
        try house.connect("bob", with: ["refreshToken": "once"])
        #expect(refreshes == ["once", "once"])
        house.clock.advance(by: 3_601)
        try house.connect(with: ["refreshToken": "once"])
        #expect(refreshes == ["once", "once", "once"])
    }

    @Test func `what it became and is dead is held no more`() throws {
        house.network.answer(Self.address) { _ in FakeAnswer(503) }
        #expect(refusal(of: ["refreshToken": "once"]) != nil)
        let network = house.network
        network.answer("https://provider.test/token") { request in
            request.form["refresh_token"] == "once"
                ? network.usualAnswer(request) : .refusal("invalid_grant")
        }
        for _ in 0..<2 { #expect(refusal(of: ["refreshToken": "once"]) != nil) }
        #expect(refreshes == ["once", "refresh-1", "once"])
    }

    @Test func `a token that the API refuses is told so`() throws {
        house.network.answer(Self.address) { _ in FakeAnswer(401) }
        guard case ConnectionsError.credentialRefused(401)? = refusal(of: ["accessToken": "wrong"])
        else {
            Issue.record("told otherwise")
            return
        }
    }

    // MARK: How it is asked

    @Test func `a prefix of its own is the only proof`() throws {
        try house.addDrive(
            Self.fields.filter { $0.0 != "lookup" } + [
                ("slug", "other"), ("credentialPlacement", ["in": "query", "name": "key"]),
                ("lookup", ["uri": .string(Self.address), "prefix": "OAuth "]),
            ])
        try house.connect(to: "other")
        #expect(lookups.map(\.url) == [Self.address])
        #expect(lookups.first?.headers[.authorization] == "OAuth access-1")
    }

    @Test func `a credential is tried where the lookup says that the API lies`() throws {
        try house.addDrive(Self.fields + [("slug", "other"), ("credentialTestPath", "/me")])
        try house.connect(to: "other", with: ["accessToken": "a"])
        let tried = house.network.sent(to: "https://api.test/7/me")
        #expect(tried.map { $0.headers[.authorization] } == ["Bearer a"])
        house.network.answer("https://api.test/7/me") { _ in FakeAnswer(403) }
        #expect(throws: ConnectionsError.self) {
            try house.connect("bob", to: "other", with: ["accessToken": "b"])
        }
    }

    @Test func `SECURITY 29: neither a lookup nor metadata go to an address that is not public`()
        throws
    {
        let keyRing = try LiveKeyRing(house.keyRingFile)
        let keeper = try Keeper(
            settings: house.keeper.settings, databasePath: house.databasePath, keyRing: keyRing,
            transport: CurlTransport(
                configuration: CurlTransportConfiguration(), logger: TestKeeper.silence),
            clock: house.clock.clock, logger: TestKeeper.silence)
        for address in ["https://127.0.0.1:9", "https://169.254.169.254", "https://[::1]:9"] {
            let fields: [(String, JSONValue)] = [
                ("slug", "inside"), ("lookup", ["uri": .string(address + "/sites")]),
            ]
            _ = try keeper.integrations.add(
                TestKeeper.drive(Self.fields.filter { $0.0 != "lookup" } + fields))
            do {
                _ = try keeper.handOver(["accessToken": "a"], to: "inside", by: alice)
                Issue.record("connected")
            } catch ConnectionsError.provider(let error) {
                #expect(error == .badEndpoint("its address may not be called"))
            }
            try keeper.disconnector.remove("inside", disconnecting: true)
            do {
                _ = try keeper.integrations.add(["issuer": .string(address), "clientId": "c"])
                Issue.record("added")
            } catch InputError.invalid(_, let detail) {
                #expect(detail.contains("its address may not be called"))
            }
        }
    }

    // MARK: What happens meanwhile

    @Test func `RELIABILITY 16: of two that connect at once, the one that is not kept is queued`()
        throws
    {
        let (house, isFirst) = (house, Once())
        house.network.answer(Self.address) { _ in
            if isFirst.take() { try house.connect() }
            return .json([["id": 7]])
        }
        try house.connect()
        try house.call()
        #expect(
            house.network.sent(to: "https://api.test/7").last?.headers[.authorization]
                == "Bearer access-1")
        try house.keeper.background.round()
        #expect(house.network.sent(to: "https://provider.test/revoke").isEmpty)
        try house.keeper.disconnector.disconnect("drive", by: alice)
        try house.keeper.background.round()
        #expect(
            Set(house.network.sent(to: "https://provider.test/revoke").map { $0.form["token"] })
                == ["refresh-1", "access-1", "refresh-2", "access-2"])
    }

    @Test func `RELIABILITY 16: a disconnect during the lookup costs only what was there before`()
        throws
    {
        try house.connect()
        let (house, isFirst, alice) = (house, Once(), alice)
        house.network.answer(Self.address) { _ in
            if isFirst.take() { try house.keeper.disconnector.disconnect("drive", by: alice) }
            return .json([["id": 7]])
        }
        try house.connect()
        try house.keeper.background.round()
        #expect(house.network.sent(to: "https://provider.test/revoke").isEmpty)
        try house.call()
        #expect(
            house.network.sent(to: "https://api.test/7").last?.headers[.authorization]
                == "Bearer access-2")
        #expect(try house.keeper.revocations.list().map(\.isHeldBack) == [true])
    }
}

/// True the first time that it is asked.
private final class Once: Sendable {
    private let isLeft = Mutex(true)

    func take() -> Bool {
        isLeft.withLock { isLeft in
            defer { isLeft = false }
            return isLeft
        }
    }
}
