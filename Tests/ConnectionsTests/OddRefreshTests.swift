import Connections
import Encoding
import HTTPClient
import HTTPTypes
import OAuth
import TestSupport
import Testing

/// The fate of a grant when a refresh is answered in an odd way.
struct OddRefreshTests {
    private static let tokenURI = "https://provider.test/token"
    private let log = RecordedLog()
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper(logger: log.logger)
        try house.addDrive()
    }

    private var sentTokens: [String?] {
        house.network.sent(to: Self.tokenURI).filter { $0.form["grant_type"] == "refresh_token" }
            .map { $0.form["refresh_token"] }
    }

    private func connected(_ user: String = "alice") throws -> Connection {
        try house.keeper.connections.find("drive", for: TestKeeper.user(user)).connection
    }

    private func answerTokens(_ answer: FakeAnswer) {
        house.network.answer(Self.tokenURI) { _ in answer }
    }

    /// Connected, and the access token is at its end.
    private func connectAndExpire(_ more: [(String, JSONValue)] = []) throws {
        let network = house.network
        network.answer(Self.tokenURI) { request in
            let members = (try JSONValue(parsing: network.usualAnswer(request).body)).members ?? []
            return .json(.object(members.map { ($0.name, $0.value) } + more))
        }
        try house.connect()
        house.clock.advance(by: 3600)
    }

    /// The error that a call ends with.
    private func failure(_ user: String = "alice") -> ConnectionsError? {
        do {
            try house.call(as: user)
            return nil
        } catch {
            return error as? ConnectionsError
        }
    }

    // MARK: Odd beside the tokens

    private static let rotated = #""access_token":"AT1","expires_in":3600,"refresh_token":"RT1""#

    static let odd: [FakeAnswer] = [
        FakeAnswer(body: "{\(rotated),\"x\":NaN}"), FakeAnswer(body: "{\(rotated)} // node 7"),
        FakeAnswer(body: "{\(rotated),\"error\":false}"),
        FakeAnswer(headers: [.contentType: "text/html"], body: ")]}'\n{\(rotated)}"),
        {
            var answer = FakeAnswer()
            answer.bytes = Array("{\(rotated),\"name\":\"Jos".utf8) + [0xE9] + Array("\"}".utf8)
            return answer
        }(),
    ]

    @Test(arguments: odd)
    func `RELIABILITY 17: tokens of an odd answer are stored, the old one never sent again`(
        answer: FakeAnswer
    ) throws {
        try connectAndExpire()
        answerTokens(answer)
        #expect(try house.call().status == 200)
        house.clock.advance(by: 3600)
        #expect(try house.call().status == 200)
        #expect(sentTokens == ["refresh-1", "RT1"])
    }

    @Test func `what was wrong with a token answer is logged, and no token`() throws {
        try connectAndExpire()
        answerTokens(FakeAnswer(body: "{\(Self.rotated),\"x\":NaN}"))
        try house.call()
        let line = try #require(log.lines(from: .warning).first)
        let id = try connected().id
        #expect(line.message.contains("not as it should be"))
        #expect(line.metadata["connection"] == id)
        #expect(line.metadata["slug"] == "drive")
        #expect(line.metadata["error"]?.contains("not a JSON value") == true)
        #expect(!log.lines.contains { "\($0)".contains("RT1") || "\($0)".contains("AT1") })
    }

    @Test(arguments: [
        FakeAnswer(body: "<html>"), FakeAnswer(body: #"{"access_token":"AT1","refr"#),
        FakeAnswer(headers: [.contentEncoding: "br"], body: "\u{B}\u{2}canary"),
        .json(["refresh_token": "RT1"]), .json(["access_token": "AT1", "token_type": "mac"]),
    ])
    func `RELIABILITY 17: a success that can't be used is an error that tells of a lost grant`(
        answer: FakeAnswer
    ) throws {
        try connectAndExpire()
        answerTokens(answer)
        #expect(failure() != nil)
        let errors = log.lines(from: .error)
        let id = try connected().id
        #expect(errors.count == 1)
        #expect(errors.first?.message.contains("the grant is probably lost") == true)
        #expect(errors.first?.metadata["connection"] == id)
        #expect(errors.first?.metadata["provider"] == Self.tokenURI)
        #expect(errors.first?.metadata["advice"]?.contains("connect again") == true)
        #expect(!log.lines.contains { "\($0)".contains("RT1") || "\($0)".contains("canary") })
        // The old one may still work: it is tried again, and what comes of it decides.
        house.clock.advance(by: 1)
        answerTokens(.refusal("invalid_grant"))
        #expect(failure() != nil)
        #expect(sentTokens == ["refresh-1", "refresh-1"])
        #expect(try connected().statusReason == .invalidGrant)
    }

    @Test(arguments: [
        FakeAnswer(503), .refusal("invalid_grant"), .refusal("invalid_grant", status: 200),
        FakeAnswer(400, headers: [.contentEncoding: "br"], body: "x"),
    ])
    func `no error tells of a lost grant where the provider did nothing`(
        answer: FakeAnswer
    ) throws {
        try connectAndExpire()
        answerTokens(answer)
        #expect(failure() != nil)
        #expect(log.lines(from: .error).isEmpty)
    }

    @Test func `tokens that come at connecting are read whatever stands beside them`() throws {
        answerTokens(FakeAnswer(body: "{\(Self.rotated),\"x\":NaN}"))
        try house.connect()
        #expect(log.lines(from: .warning).map { $0.metadata["slug"] } == ["drive"])
        house.clock.advance(by: 3600)
        try house.call()
        #expect(sentTokens == ["RT1"])
    }

    // MARK: The user has to come

    @Test(arguments: [200, 400, 401, 403])
    func `a provider that wants its user ends in a connection to be authorized again`(
        status: Int
    ) throws {
        for code in ["interaction_required", "login_required", "consent_required"] {
            try connectAndExpire()
            answerTokens(.refusal(code, status: status))
            guard case .reauthorizationRequired(_, .interactionRequired)? = failure() else {
                Issue.record("\(code)")
                continue
            }
            #expect(try connected().statusReason == .interactionRequired)
        }
        try house.keeper.background.round()
        #expect(house.network.sent(to: "https://provider.test/revoke").isEmpty)
    }

    @Test func `the background notices it, too`() throws {
        try connectAndExpire()
        house.clock.advance(by: 8 * 86_400)
        answerTokens(.refusal("login_required"))
        try house.keeper.background.round()
        #expect(try connected().statusReason == .interactionRequired)
    }

    @Test(arguments: ["invalid_client", "unauthorized_client", "invalid_token", "invalid_scope"])
    func `another refusal is the end of no grant`(code: String) throws {
        try connectAndExpire()
        answerTokens(.refusal(code, status: 401))
        #expect(failure() != nil)
        #expect(try connected().status == .active)
    }

    // MARK: A refresh token past its stated end

    static let refusals: [FakeAnswer] = [
        FakeAnswer(400), FakeAnswer(401), FakeAnswer(403, body: "no"), .refusal("invalid_request"),
        .refusal("token_expired"), .json(["message": "expired"], status: 400),
    ]

    private static let ends: [(String, JSONValue)] = [
        ("refresh_expires_in", 1800), ("refresh_token_expires_in", "1800"),
        ("refresh_token_expires_at", .integer(1_707_472_800 + 1800)),
    ]

    @Test(arguments: refusals)
    func `past its stated end a refresh token that is refused has expired`(
        refusal: FakeAnswer
    ) throws {
        for end in Self.ends {
            let house = try TestKeeper(logger: log.logger)
            try house.addDrive()
            let test = OddRefreshTests(house: house)
            try test.connectAndExpire([end])
            test.answerTokens(refusal)
            guard case .reauthorizationRequired(_, .expired)? = test.failure() else {
                Issue.record("\(end)")
                continue
            }
            #expect(try test.connected().statusReason == .expired)
        }
    }

    private init(house: TestKeeper) {
        self.house = house
    }

    @Test(arguments: [
        FakeAnswer(429), FakeAnswer(503), FakeAnswer(500), FakeAnswer(408), FakeAnswer(302),
        .refusal("temporarily_unavailable"), .refusal("invalid_client", status: 401),
        FakeAnswer(200),
    ])
    func `past its stated end trouble is trouble, and a client's secret the client's`(
        answer: FakeAnswer
    ) throws {
        try connectAndExpire([("refresh_expires_in", 1800)])
        answerTokens(answer)
        #expect(failure() != nil)
        #expect(try connected().status == .active)
    }

    @Test(arguments: refusals)
    func `before its stated end such a refusal is none of the grant`(
        refusal: FakeAnswer
    ) throws {
        try connectAndExpire([("refresh_expires_in", 7200)])
        answerTokens(refusal)
        #expect(failure() != nil)
        #expect(try connected().status == .active)
    }

    @Test func `a refresh token that works past its stated end goes on`() throws {
        try connectAndExpire([("refresh_expires_in", 1800)])
        #expect(try house.call().status == 200)
        #expect(sentTokens == ["refresh-1"])
    }
}
