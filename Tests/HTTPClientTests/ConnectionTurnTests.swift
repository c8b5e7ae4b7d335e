import Glibc
import HTTPClient
import HTTPTypes
import RawUpstreamServer
import Testing

/// How many connections a server is given, and who waits for one.
struct ConnectionTurnTests {
    private let upstream: Upstream

    init() throws {
        upstream = try Upstream()
    }

    private func send(
        _ path: String, _ limits: ConnectionLimits, as credential: String = "one",
        head: Duration = .seconds(20), watchedDescriptor: Int32? = nil
    ) throws -> any HTTPExchange {
        var request = OutgoingRequest(
            method: .get, to: try upstream.url(path), connection: .kept(credential: credential),
            limits: TransferLimits(connect: .seconds(5), head: head, idle: .seconds(20)),
            watchedDescriptor: watchedDescriptor)
        request.connectionLimits = limits
        return try upstream.transport.send(request)
    }

    private func text(
        _ path: String, _ limits: ConnectionLimits, as credential: String = "one"
    ) throws -> String {
        String(
            decoding: try send(path, limits, as: credential).collect(upTo: 1 << 20), as: UTF8.self)
    }

    @Test func `no more connections are open at a time than allowed, and requests take turns`()
        throws
    {
        let limits = ConnectionLimits(most: 1)
        Threads.run(6) {
            for _ in 0..<20 { #expect((try? text("/connection", limits)) == "1") }
        }
        #expect(upstream.server.connections == 1)
    }

    @Test func `an idle connection of another credential makes room`() throws {
        let limits = ConnectionLimits(most: 1, wait: .zero)
        #expect(try text("/connection", limits, as: "one") == "1")
        #expect(try text("/connection", limits, as: "two") == "2")
        #expect(try text("/connection", limits, as: "two") == "2")
        #expect(try text("/connection", limits, as: "one") == "3")
    }

    @Test func `who waits gets the turn of a connection that is given up`() throws {
        let limits = ConnectionLimits(most: 1, wait: .seconds(10))
        var held: (any HTTPExchange)? = try send("/endless", limits)
        #expect(held?.head.status == 200)
        try Threads.run(
            { #expect((try? text("/connection", limits, as: "two")) == "2") },
            while: {
                usleep(50_000)
                held = nil
            })
    }

    @Test func `who waits too long is told, and the place is free afterwards`() throws {
        let limits = ConnectionLimits(most: 1, wait: .milliseconds(50))
        var held: (any HTTPExchange)? = try send("/endless", limits)
        #expect(held != nil)
        #expect(throws: HTTPClientError.noTurn) { try send("/connection", limits) }
        held = nil
        #expect(try text("/connection", limits) == "2")
        #expect(upstream.server.count("/connection") == 1)
    }

    @Test func `no caller waits for one that has gone`() throws {
        let limits = ConnectionLimits(most: 1, wait: .seconds(10))
        let held = try send("/endless", limits)
        var pair: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { close(pair[0]) }
        close(pair[1])
        #expect(throws: HTTPClientError.abandoned) {
            try send("/connection", limits, watchedDescriptor: pair[0])
        }
        withExtendedLifetime(held) {}
    }

    @Test func `a place that could not be connected from is free again`() throws {
        var request = OutgoingRequest(
            method: .get, to: try parsed("http://127.0.0.1:1/"),
            connection: .kept(credential: "one"))
        request.connectionLimits = ConnectionLimits(most: 1, wait: .zero)
        for _ in 0..<3 {
            let error = #expect(throws: HTTPClientError.self) {
                try upstream.transport.send(request)
            }
            guard case .connectionFailed = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `a server that does not answer some requests gets the others all the same`()
        throws
    {
        var pair: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { close(pair[0]) }
        let (mine, theirs) = (pair[0], pair[1])
        try Threads.run(
            {
                Threads.run(10) {
                    _ = try? send("/hang", ConnectionLimits(), watchedDescriptor: mine)
                }
            },
            while: {
                // They all go soon: it may just be slow.
                while upstream.server.count("/hang") < 10 { usleep(1_000) }
                // And hold nobody up.
                let time = ContinuousClock().measure {
                    #expect((try? text("/chunked", ConnectionLimits(), as: "two")) != nil)
                }
                #expect(time < .milliseconds(500))
                close(theirs)
            })
    }

    @Test func `a server that answers is called on few connections, however many requests come`()
        throws
    {
        Threads.run(30) {
            #expect((try? text("/slow-head?ms=5", ConnectionLimits())) == "slow")
        }
        #expect(upstream.server.connections < 20)
    }

    @Test func `idle connections are closed when a new one stays unanswered`() throws {
        let limits = ConnectionLimits()
        #expect(try text("/connection", limits, as: "one") == "1")
        #expect(try text("/connection", limits, as: "one") == "1")
        #expect(throws: HTTPClientError.timedOut(.sent)) {
            try send("/hang", limits, as: "two", head: .milliseconds(500))
        }
        #expect(try text("/connection", limits, as: "one") == "3")
    }

    @Test func `those used last are kept, and more only for a moment`() throws {
        let limits = ConnectionLimits(idleMost: 1)
        for credential in ["one", "two", "three"] {
            _ = try text("/connection", limits, as: credential)
        }
        #expect(try text("/connection", limits, as: "one") == "1")
        // 'two' and 'three' have two seconds from then on, and 'one' more.
        usleep(2_100_000)
        upstream.transport.closeExpiredConnections()
        #expect(try text("/connection", limits, as: "one") == "1")
        #expect(try text("/connection", limits, as: "two") == "4")
    }

    @Test func `with no time to be idle a connection is used once`() throws {
        let limits = ConnectionLimits(idle: .zero)
        for number in 1...3 { #expect(try text("/connection", limits) == "\(number)") }
    }
}
