import Connections
import Encoding
import HTTPClient
import HTTPTypes
import OAuth
import TestSupport
import Testing

/// What becomes of a grant when a refresh is answered in an odd way.
struct OddRefreshTests {
    private static let tokenURI = "https://provider.test/token"
    private let log = RecordedLog()
    private let house: Household

    init() throws {
        house = try Household(logger: log.logger)
        try house.addDrive()
    }

    private var sentTokens: [String?] {
        house.network.sent(to: Self.tokenURI).filter { $0.form["grant_type"] == "refresh_token" }
            .map { $0.form["refresh_token"] }
    }

    private func connected(_ user: String = "alice") throws -> Connection {
        try house.keeper.connections.find("drive", for: Household.user(user)).connection
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
}
