import Connections
import Encoding
import HTTPClient
import HTTPTypes
import Proxying
import Synchronization
import TestSupport
import Testing

struct RetryTests {
    private let house: TestKeeper
    private let api = "https://api.test"

    init() throws {
        house = try TestKeeper()
    }

    private func add(_ changes: [(String, JSONValue)] = []) throws {
        try house.addDrive(changes)
        try house.connect()
    }

    private func call(
        _ method: HTTPRequest.Method = .get, _ headers: [(name: String, value: String)] = [],
        body: OutgoingBody? = nil
    ) throws -> ProxiedAnswer {
        try house.keeper.relay(
            ProxyCall(
                method: method, target: .path("/x"), headers: .written(headers),
                body: body ?? (method == .post ? .bytes([1]) : .none)),
            through: "drive", by: TestKeeper.user("alice"))
    }

    /// Has the first so many calls answered so, or failed so.
    private func first(_ count: Int, _ answer: @escaping @Sendable () throws -> FakeAnswer) {
        let left = Mutex(count)
        house.network.answer(api) { _ in
            let isGood = left.withLock { left in
                left -= 1
                return left < 0
            }
            return isGood ? FakeAnswer(body: "good") : try answer()
        }
    }

    private var sent: Int { house.network.sent(to: api).count }

    @Test(
        arguments: [429, 502, 503, 504], [HTTPRequest.Method.get, .head, .put, .delete, .options])
    func `what is idempotent is sent again after a passing failure`(
        status: Int, method: HTTPRequest.Method
    ) throws {
        try add()
        first(2) { FakeAnswer(status) }
        let answer = try call(method)
        #expect(answer.status == 200)
        #expect(answer.attempts == 3)
        #expect(house.clock.waits.count == 2)
        #expect(house.clock.waits[0] < 0.25 && house.clock.waits[1] < 0.5)
    }

    @Test(arguments: [
        ("PROPFIND", 3), ("PROPPATCH", 3), ("MKCOL", 3), ("COPY", 3), ("MOVE", 3), ("UNLOCK", 3),
        ("REPORT", 3), ("SEARCH", 3), ("QUERY", 3), ("LOCK", 1), ("PURGE", 1), ("propfind", 1),
    ])
    func `of other methods those are sent again that are registered as idempotent`(
        name: String, attempts: Int
    ) throws {
        try add()
        first(2) { FakeAnswer(503) }
        let answer = try call(try #require(HTTPRequest.Method(name)))
        #expect(answer.attempts == attempts)
        #expect(sent == attempts)
    }

    @Test func `after three attempts the answer is the caller's, whatever it is`() throws {
        try add()
        first(9) { FakeAnswer(503) }
        let answer = try call()
        #expect(answer.status == 503)
        #expect(answer.attempts == 3)
        #expect(sent == 3)
    }

    @Test(arguments: [400, 401, 403, 404, 408, 409, 425, 500, 501])
    func `other statuses are the caller's at once`(status: Int) throws {
        try house.addNews()
        try house.connect(to: "news", with: ["apiKey": "k"])
        house.network.answer("https://news.test") { _ in FakeAnswer(status) }
        #expect(try house.call(slug: "news").status == status)
        #expect(house.network.sent(to: "https://news.test").count == 1)
    }

    @Test(arguments: [HTTPRequest.Method.post, .patch])
    func `what is not idempotent is sent once`(method: HTTPRequest.Method) throws {
        try add()
        first(1) { FakeAnswer(503, headers: [.retryAfter: "0"]) }
        #expect(try call(method).status == 503)
        first(1) { throw HTTPClientError.broken(.sent, "") }
        #expect(throws: ConnectionsError.self) { try call(method) }
        #expect(sent == 2)
    }

    @Test func `a key makes it safe only where the API honours it`() throws {
        try add([("retries", ["honoursIdempotencyKey": true])])
        first(1) { FakeAnswer(503) }
        #expect(try call(.post).status == 503)
        first(1) { FakeAnswer(503) }
        #expect(try call(.post, [("Idempotency-Key", "k-1")]).status == 200)
        #expect(sent == 3)
        let keys = house.network.sent(to: api).suffix(2).map {
            $0.headers[HTTPField.Name("Idempotency-Key") ?? .accept]
        }
        #expect(keys == ["k-1", "k-1"])
    }

    @Test(arguments: [
        HTTPClientError.connectionFailed(""), .nameNotResolved(""), .tlsFailed(""),
        .timedOut(.connecting),
    ])
    func `when nothing was sent, any method is sent again`(error: HTTPClientError) throws {
        try add()
        first(2) { throw error }
        #expect(try call(.post).attempts == 3)
    }

    @Test(arguments: [
        HTTPClientError.certificateRefused(""), .addressRefused(""), .timedOut(.sent),
        .malformedResponse(""), .headerTooLarge, .badURL(""),
    ])
    func `what will not pass is not tried again`(error: HTTPClientError) throws {
        try add()
        first(2) { throw error }
        do {
            _ = try call()
            Issue.record("there was an answer")
        } catch ConnectionsError.upstream(let thrown, let attempts) {
            #expect(thrown == error)
            #expect(attempts == 1)
        }
    }

    @Test func `a kept connection that died is no reason to wait, and the next is a new one`()
        throws
    {
        try add()
        first(1) { throw HTTPClientError.keptConnectionDied }
        #expect(try call().attempts == 2)
        #expect(house.clock.waits.isEmpty)
        #expect(house.network.sent(to: api).map { $0.connection == .fresh } == [false, true])
        first(1) { throw HTTPClientError.keptConnectionDied }
        #expect(throws: ConnectionsError.self) { try call(.post) }
        #expect(sent == 3)
    }

    @Test func `a body that was read is gone`() throws {
        try add()
        first(1) { FakeAnswer(503) }
        let body = OutgoingBody.stream(length: 0) { _ in 0 }
        #expect(try call(.put, body: body).status == 503)
        #expect(sent == 1)
    }

    @Test func `one attempt is never a second`() throws {
        try add([("retries", ["attempts": 1])])
        first(1) { FakeAnswer(503) }
        #expect(try call().status == 503)
        #expect(sent == 1)
    }

    @Test func `the API says when, and is waited for`() throws {
        try add()
        first(1) { FakeAnswer(429, headers: [.retryAfter: "4"]) }
        #expect(try call().status == 200)
        let waits = house.clock.waits
        #expect(waits.count == 1 && (4..<4.25).contains(waits[0]))
    }

    @Test(arguments: ["soon", "-1", "", "99999999999999999999", "1 minute"])
    func `a pause that cannot be read is an ordinary step, and never none`(after: String) throws {
        try add()
        first(2) { FakeAnswer(503, headers: [.retryAfter: after]) }
        #expect(try call().attempts == 3)
        let waits = house.clock.waits
        #expect(waits.count == 2 && (1..<1.25).contains(waits[0]))
        #expect((2..<2.25).contains(waits.last ?? 0))
    }

    @Test(arguments: [
        ("Retry-After", "0.503", 0.503), ("Retry-After-Ms", "1500", 1.5),
        ("RateLimit", "\"default\";r=0;t=3", 3),
    ])
    func `a pause is waited for in each of its forms`(
        name: String, value: String, seconds: Double
    ) throws {
        try add()
        let field = try #require(HTTPField.Name(name))
        first(1) { FakeAnswer(429, headers: [field: value]) }
        #expect(try call().status == 200)
        let waits = house.clock.waits
        #expect(waits.count == 1 && (seconds..<seconds + 0.25).contains(waits[0]))
    }

    @Test(arguments: ["25", "26", "3600", "292.05", "1m0s"])
    func `what asks for more than there is time is the caller's at once`(after: String) throws {
        try add()
        first(1) { FakeAnswer(429, headers: [.retryAfter: after]) }
        let answer = try call()
        #expect(answer.status == 429)
        #expect(answer.headers[.retryAfter] == after)
        #expect(house.clock.waits.isEmpty)
    }

    @Test func `all attempts share one deadline`() throws {
        try add([("timeouts", ["head": 5])])
        first(9) { FakeAnswer(503, headers: [.retryAfter: "3"]) }
        #expect(try call().status == 503)
        #expect(sent == 2)
    }

    @Test func `a status that means a limit is known by what is left`() throws {
        let remaining = try #require(HTTPField.Name("X-Left"))
        try add([("rateLimit", ["statuses": [403], "remaining": "X-Left", "reset": "X-Reset"])])
        first(1) { FakeAnswer(403, headers: [remaining: "0"]) }
        #expect(try call().status == 200)
        first(1) { FakeAnswer(403, headers: [remaining: "12"]) }
        #expect(try call().status == 403)
        first(1) { FakeAnswer(403) }
        #expect(try call().status == 403)
    }

    @Test func `retries are a tenth of the calls, beside what is saved up`() throws {
        try add()
        first(10_000) { FakeAnswer(503) }
        for _ in 0..<100 { _ = try call() }
        let retries = sent - 100
        // 10 saved up, a tenth of 100, and one a second of the time that was waited.
        let waited = house.clock.waits.reduce(0, +)
        #expect(retries >= 18 && Double(retries) <= 20 + waited)
    }

    @Test func `when the caller has gone, nothing more is sent`() throws {
        try add()
        first(9) { FakeAnswer(503) }
        house.clock.leave()
        do {
            _ = try call()
            Issue.record("there was an answer")
        } catch ConnectionsError.upstream(let error, _) {
            #expect(error == .abandoned)
        }
        #expect(sent == 1)
    }
}
