import Connections
import Encoding
import Foundation
import Keeper
import Storage
import Synchronization
import TestSupport
import Testing

/// Several keepers on one database, as several processes are.
struct RefreshAcrossProcessesTests {
    private let house: TestKeeper
    private static let tokenURI = "https://provider.test/token"

    init() throws {
        house = try TestKeeper()
        try house.addDrive()
        try house.connect()
        house.clock.advance(by: 3600)
    }

    private var refreshes: [String?] {
        house.network.sent(to: Self.tokenURI)
            .filter { $0.form["grant_type"] == "refresh_token" }.map { $0.form["refresh_token"] }
    }

    private func status(_ keeper: Keeper? = nil) throws -> Connection.Status {
        try (keeper ?? house.keeper).connections.find("drive", for: TestKeeper.user("alice"))
            .connection.status
    }

    @Test
    func `RELIABILITY 1: four processes whose threads meet an expired token make one refresh`()
        throws
    {
        let house = house
        let keepers = try (0..<4).map { _ in try house.neighbour() }
        let next = Mutex(0)
        let statuses = Mutex<[Int]>([])
        onThreads(40) {
            let keeper = next.withLock { next in
                next += 1
                return keepers[next % keepers.count]
            }
            let status = (try? house.call(by: keeper).status) ?? 0
            statuses.withLock { $0.append(status) }
        }
        #expect(statuses.withLock { $0 } == Array(repeating: 200, count: 40))
        #expect(refreshes == ["refresh-1"])
    }

    @Test func `while one process refreshes a token that still works, another uses it as it is`()
        throws
    {
        let house = try TestKeeper()
        try house.addDrive()
        try house.connect()
        house.clock.advance(by: 3600 - 30)
        let neighbour = try house.neighbour()
        let network = house.network
        network.answer(Self.tokenURI) { request in
            let answer = network.usualAnswer(request)
            let status = try house.call(by: neighbour).status
            #expect(status == 200)
            return answer
        }
        try house.call()
        #expect(
            network.sent(to: "https://api.test").compactMap { $0.headers[.authorization] }
                == ["Bearer access-1", "Bearer access-2"])
    }

    @Test func `RELIABILITY 2: a process that ended while it asked is taken over from at once`()
        throws
    {
        var other: ProcessRegistry? = try leaveLease(until: .max)
        #expect(other?.id == "p-other")
        // Its lock goes with it; its file stays.
        other = nil
        #expect(try house.call().status == 200)
        #expect(refreshes == ["refresh-1"])
    }

    @Test func `RELIABILITY 3: a living process is waited for, until its lease's deadline`()
        throws
    {
        let house = house
        let other = try leaveLease(until: house.clock.clock.uptime + 20_000)
        let isDone = Mutex(false)
        Thread {
            _ = try? house.call()
            isDone.withLock { $0 = true }
        }.start()
        usleep(200_000)
        #expect(!isDone.withLock { $0 })
        house.clock.advance(by: 21)
        #expect(eventually { isDone.withLock { $0 } })
        #expect(refreshes == ["refresh-1"])
        withExtendedLifetime(other) {}
    }

    @Test
    func `RELIABILITY 3: a late answer undoes what a taker wrote, while the generation stands`()
        throws
    {
        let house = house
        let neighbour = try house.neighbour()
        let network = house.network
        let isFirst = Mutex(true)
        network.answer(Self.tokenURI) { request in
            guard
                isFirst.withLock({ first in
                    defer { first = false }
                    return first
                })
            else {
                return .refusal("invalid_grant")
            }
            // The first asker is stopped past its deadline; another takes over and is refused.
            let answer = network.usualAnswer(request)
            house.clock.advance(by: 60)
            #expect(throws: ConnectionsError.self) { try house.call(by: neighbour) }
            let between = try status(neighbour)
            #expect(between == .reauthorizationRequired)
            return answer
        }
        #expect(try house.call().status == 200)
        #expect(try status() == .active)
        #expect(refreshes == ["refresh-1", "refresh-1"])
        #expect(try house.call(by: neighbour).status == 200)
    }

    @Test func `RELIABILITY 3: a late answer does not replace a newer one`() throws {
        let house = house
        let neighbour = try house.neighbour()
        let network = house.network
        let isFirst = Mutex(true)
        network.answer(Self.tokenURI) { request in
            let answer = network.usualAnswer(request)
            if isFirst.withLock({ first in
                defer { first = false }
                return first
            }) {
                house.clock.advance(by: 60)
                let status = try house.call(by: neighbour).status
                #expect(status == 200)
            }
            return answer
        }
        #expect(try house.call().status == 200)
        // The provider's second answer is the neighbour's; the first one is late.
        #expect(
            Set(network.sent(to: "https://api.test").compactMap { $0.headers[.authorization] })
                == ["Bearer access-3"])
        #expect(try house.database().read { try $0.number("SELECT count(*) FROM revocation") } == 1)
        try house.keeper.background.round()
        #expect(network.sent(to: "https://provider.test/revoke").isEmpty)
    }

    @Test func `RELIABILITY 8: a calendar that is set forward takes no lease from its process`()
        throws
    {
        let house = house
        let neighbour = try house.neighbour()
        let network = house.network
        let isDone = Mutex(false)
        network.answer(Self.tokenURI) { request in
            house.clock.set(by: 86_400)
            Thread {
                _ = try? house.call(by: neighbour)
                isDone.withLock { $0 = true }
            }.start()
            usleep(100_000)
            #expect(!isDone.withLock { $0 })
            network.answer(Self.tokenURI) { network.usualAnswer($0) }
            return network.usualAnswer(request)
        }
        try house.call()
        #expect(eventually { isDone.withLock { $0 } })
        #expect(refreshes.count == 1)
    }

    /// Another process that lives, and has written a lease before it asks.
    private func leaveLease(until deadline: Int64) throws -> ProcessRegistry {
        let other = ProcessRegistry(database: house.databasePath, id: "p-other")
        try other.show()
        let connection = try house.keeper.connections.find("drive", for: TestKeeper.user("alice"))
            .connection
        try house.database().write {
            try $0.execute(
                "INSERT INTO lease VALUES (:name, 1, 'p-other', :deadline)",
                ["name": .text(connection.id), "deadline": .integer(deadline)])
        }
        return other
    }
}
