import Connections
import Encoding
import HTTPClient
import HTTPTypes
import Limits
import Proxying
import Synchronization
import TestSupport
import Testing

struct CallLimiterTests {
    private func house(
        _ changes: [(String, JSONValue)] = [], percent: Int = 50, workers: Int = 1024,
        userPercent: Int = 100
    ) throws -> TestKeeper {
        let house = try TestKeeper {
            $0.workerShare = WorkerShare(
                percent: percent, ofWorkers: workers, userPercent: userPercent)
        }
        try house.addNews(changes)
        try house.connect(to: "news", with: ["apiKey": "k"])
        return house
    }

    private func call(
        _ house: TestKeeper, _ slug: String = "news", as user: String = "alice"
    ) throws -> ProxiedAnswer {
        try house.keeper.relay(
            ProxyCall(method: .get, target: .path("/x"), headers: .written([])), through: slug,
            by: TestKeeper.user(user))
    }

    private func refusal(
        _ house: TestKeeper, _ slug: String = "news", as user: String = "alice"
    ) -> CallRefusal? {
        do {
            _ = try call(house, slug, as: user)
            return nil
        } catch {
            return error as? CallRefusal
        }
    }

    @Test func `calls under way are limited, until their answers are done with`() throws {
        let house = try house([("limits", ["concurrent": 2])])
        var answers = [try call(house), try call(house)]
        #expect(refusal(house)?.reason == .concurrency)
        #expect(house.network.sent(to: "https://news.test").count == 2)
        answers.removeLast()
        #expect(refusal(house) == nil)
        withExtendedLifetime(answers) {}
    }

    @Test func `a call that failed is under way no more`() throws {
        let house = try house([("limits", ["concurrent": 1])])
        house.network.answer("https://news.test") { _ in throw HTTPClientError.headerTooLarge }
        for _ in 0..<3 { #expect(throws: ConnectionsError.self) { try call(house) } }
        #expect(house.keeper.limiter.inFlight == 0)
    }

    @Test func `calls a second are limited, and it is said when the next may come`() throws {
        let house = try house([("limits", ["requestsPerSecond": .number("0.5"), "burst": 2])])
        #expect(refusal(house) == nil)
        #expect(refusal(house) == nil)
        let refused = try #require(refusal(house))
        #expect(refused.reason == .rate)
        #expect(refused.retryAfter == 2)
        house.clock.advance(by: 2)
        #expect(refusal(house) == nil)
        #expect(refusal(house)?.reason == .rate)
    }

    @Test func `a second's calls may come at once`() throws {
        let house = try house([("limits", ["requestsPerSecond": 3])])
        for _ in 0..<3 { #expect(refusal(house) == nil) }
        #expect(refusal(house)?.reason == .rate)
    }

    @Test func `RELIABILITY 5: an integration holds its share of the workers and no more`() throws {
        let house = try house(workers: 100)
        try house.addDrive()
        try house.connect()
        let held = try (0..<50).map { _ in try call(house) }
        #expect(refusal(house)?.reason == .saturated)
        let others = try (0..<25).map { _ in try call(house, "drive") }
        #expect(refusal(house, "drive")?.reason == .saturated)
        withExtendedLifetime((held, others)) {
            #expect(house.keeper.limiter.inFlight == 75)
        }
        #expect(house.keeper.limiter.inFlight == 0)
    }

    @Test func `one user's calls hold a share of an integration's, and leave others the rest`()
        throws
    {
        let house = try house(workers: 100, userPercent: 50)
        try house.connect("bob", to: "news", with: ["apiKey": "b"])
        try house.connect("carol", to: "news", with: ["apiKey": "c"])
        let alices = try (0..<25).map { _ in try call(house) }
        #expect(refusal(house)?.reason == .userSaturated)
        let bobs = try (0..<16).map { _ in try call(house, as: "bob") }
        #expect(refusal(house, as: "bob")?.reason == .userSaturated)
        #expect(refusal(house, as: "carol") == nil)
        withExtendedLifetime((alices, bobs)) {
            #expect(house.keeper.limiter.inFlight == 41)
        }
        #expect(refusal(house) == nil)
        #expect(house.keeper.limiter.inFlight == 0)
    }

    @Test func `so it is with who connects at a token endpoint that hangs`() throws {
        let house = try house(workers: 100, userPercent: 50)
        try house.addDrive()
        let network = house.network
        let asked = Mutex(0)
        let isBobsTurn = Mutex(true)
        // Each asks while the one before is still being answered.
        network.answer("https://provider.test/token") { request in
            asked.withLock { $0 += 1 }
            if (try? house.connect()) == nil, isBobsTurn.withLock({ $0 }) {
                isBobsTurn.withLock { $0 = false }
                try house.connect("bob")
            }
            return network.usualAnswer(request)
        }
        try house.connect()
        #expect(asked.withLock { $0 } == 26)
        #expect(house.keeper.limiter.inFlight == 0)
    }

    @Test(arguments: [
        (50, 1024, 50, 255, 0, 0, true), (50, 1024, 50, 256, 0, 0, false),
        (50, 1024, 100, 511, 0, 0, true), (50, 1024, 50, 127, 256, 0, true),
        (50, 1024, 50, 128, 256, 0, false), (50, 1024, 50, 127, 0, 512, true),
        (50, 1024, 50, 128, 0, 512, false), (50, 4, 50, 1, 0, 0, true),
        (50, 4, 50, 2, 0, 0, false), (50, 1, 50, 0, 0, 0, true), (1, 1024, 1, 14, 0, 0, true),
        (1, 1024, 1, 15, 0, 0, false),
    ])
    func `a user's share is a part of what an integration's other users leave`(
        percent: Int, workers: Int, userPercent: Int, held: Int, otherUsers: Int, others: Int,
        hasRoom: Bool
    ) {
        let share = WorkerShare(percent: percent, ofWorkers: workers, userPercent: userPercent)
        #expect(
            share.hasRoom(heldByUser: held, byOtherUsers: otherUsers, byOthers: others) == hasRoom)
    }

    @Test(arguments: [
        (50, 1024, 511, 0, true), (50, 1024, 512, 0, false), (100, 1024, 1023, 0, true),
        (100, 1024, 1024, 0, false), (50, 1024, 0, 1023, false), (50, 1024, 255, 512, true),
        (50, 1024, 256, 512, false), (50, 4, 2, 0, true), (50, 4, 3, 0, false),
        (1, 1024, 15, 0, true), (1, 1024, 16, 0, false),
    ])
    func `the share is a part of what others leave`(
        percent: Int, workers: Int, held: Int, others: Int, hasRoom: Bool
    ) {
        let share = WorkerShare(percent: percent, ofWorkers: workers)
        #expect(share.hasRoom(held: held, byOthers: others) == hasRoom)
    }

    @Test func `after five failures to connect a host is left alone, and one call tries it`() throws
    {
        let house = try house([("retries", ["attempts": 1])])
        house.network.answer("https://news.test") { _ in
            throw HTTPClientError.connectionFailed("")
        }
        for _ in 0..<5 { #expect(refusal(house) == nil) }
        let first = try #require(refusal(house))
        #expect(first.reason == .breaker)
        #expect(first.retryAfter == 5)
        #expect(house.network.sent(to: "https://news.test").count == 5)
        house.clock.advance(by: 5)
        #expect(refusal(house) == nil)
        #expect(refusal(house)?.retryAfter == 10)
        #expect(house.network.sent(to: "https://news.test").count == 6)
        house.clock.advance(by: 10)
        house.network.answer("https://news.test") { _ in FakeAnswer(500) }
        #expect(try call(house).status == 500)
        #expect(try call(house).status == 500)
    }

    @Test func `an answer in between starts the count again`() throws {
        let house = try house([("retries", ["attempts": 1])])
        for _ in 0..<3 {
            house.network.answer("https://news.test") { _ in
                throw HTTPClientError.nameNotResolved("")
            }
            for _ in 0..<4 { #expect(refusal(house) == nil) }
            house.network.answer("https://news.test") { _ in FakeAnswer() }
            _ = try call(house)
        }
    }
}
