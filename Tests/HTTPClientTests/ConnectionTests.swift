import HTTPClient
import HTTPTypes
import Synchronization
import Testing

struct ConnectionTests {
    @Test func `connections are reused, also by another thread`() throws {
        let upstream = try Upstream()
        for _ in 0..<3 { #expect(try upstream.text(.get, "/connection") == "1") }
        Threads.run(1) { #expect((try? upstream.text(.get, "/connection")) == "1") }
        #expect(try upstream.text(.post, "/connection", body: .bytes([1])) == "1")
    }

    @Test func `a fresh connection is new, closed afterwards, and leaves the kept one alone`()
        throws
    {
        let upstream = try Upstream()
        #expect(try upstream.text(.get, "/connection") == "1")
        #expect(try upstream.text(.post, "/connection", connection: .fresh) == "2")
        #expect(try upstream.text(.post, "/connection", connection: .fresh) == "3")
        #expect(try upstream.text(.get, "/connection") == "1")
    }

    @Test func `an exchange that is dropped takes its connection with it`() throws {
        let upstream = try Upstream()
        _ = try upstream.send(.get, "/endless")
        #expect(try upstream.text(.get, "/connection") == "2")
    }

    @Test func `exchanges under way at the same time have a connection each`() throws {
        let upstream = try Upstream()
        let first = try upstream.send(.get, "/bytes?size=500000")
        let second = try upstream.send(.get, "/bytes?size=500000")
        #expect(try second.collect(upTo: 500_000).count == 500_000)
        #expect(try first.collect(upTo: 500_000).count == 500_000)
        #expect(upstream.server.connections == 2)
    }

    @Test func `an idle connection expires`() throws {
        let upstream = try Upstream(idleConnectionLifetime: .zero)
        #expect(try upstream.text(.get, "/connection") == "1")
        #expect(try upstream.text(.get, "/connection") == "2")
        upstream.transport.closeExpiredConnections()
        #expect(try upstream.text(.get, "/connection") == "3")
    }

    @Test func `closing what has expired leaves the rest`() throws {
        let upstream = try Upstream()
        #expect(try upstream.text(.get, "/connection") == "1")
        upstream.transport.closeExpiredConnections()
        #expect(try upstream.text(.get, "/connection") == "1")
    }

    @Test(arguments: [(1, 16), (16, 1)])
    func `no more idle connections are kept than allowed`(inAll: Int, perOrigin: Int) throws {
        let upstream = try Upstream(idleConnections: inAll, idleConnectionsPerOrigin: perOrigin)
        for expected in [2, 3, 4] {
            let first = try upstream.send(.get, "/bytes?size=500000")
            let second = try upstream.send(.get, "/bytes?size=500000")
            _ = try first.collect(upTo: 500_000)
            _ = try second.collect(upTo: 500_000)
            #expect(upstream.server.connections == expected)
        }
    }

    @Test func `the origin that was idle longest gives way to another`() throws {
        let upstream = try Upstream(idleConnections: 1)
        #expect(try upstream.text(.get, "/connection") == "1")
        let localhost = OutgoingRequest(
            method: .get, to: try upstream.url("/connection", host: "localhost"),
            connection: .kept(credential: "test"))
        #expect(try upstream.transport.send(localhost).collect(upTo: 10) == Array("2".utf8))
        #expect(try upstream.text(.get, "/connection") == "3")
    }

    @Test func `many threads share the pool`() throws {
        let upstream = try Upstream()
        let good = Mutex(0)
        Threads.run(8) {
            for _ in 0..<200 {
                guard (try? upstream.text(.get, "/bytes?size=1024").utf8.count) != nil else {
                    return
                }
                good.withLock { $0 += 1 }
            }
        }
        #expect(good.withLock { $0 } == 1_600)
        #expect(upstream.server.connections <= 8)
    }

    /// The first trap in the article Security: libcurl sends again what died on a kept connection.
    @Test(arguments: [HTTPRequest.Method.post, .patch, .put, .delete])
    func `nothing is sent twice when a kept connection dies`(method: HTTPRequest.Method) throws {
        let small = [UInt8](repeating: 0x61, count: 100)
        let large = [UInt8](repeating: 0x61, count: 100_000)
        let bodies: [() -> OutgoingBody] = [
            { .none }, { .bytes([]) }, { .bytes(small) }, { .bytes(large) },
            { .stream(length: 100, read: zeros(100)) }, { .stream(length: nil, read: zeros(100)) },
            { .stream(length: nil, read: zeros(0)) },
        ]
        for body in bodies {
            let upstream = try Upstream()
            #expect(try upstream.text(method, "/die-on-second", body: body()) == "first")
            let error = #expect(throws: HTTPClientError.self) {
                try upstream.send(method, "/die-on-second", body: body())
            }
            #expect(error == .keptConnectionDied)
            #expect(upstream.server.count("/die-on-second") == 2)
            #expect(upstream.server.connections == 1)
        }
    }

    @Test(arguments: [HTTPRequest.Method.get, .head])
    func `nor is a GET; who sent it is told`(method: HTTPRequest.Method) throws {
        let upstream = try Upstream()
        _ = try upstream.text(method, "/die-on-second")
        let error = #expect(throws: HTTPClientError.self) {
            try upstream.send(method, "/die-on-second")
        }
        #expect(error == .keptConnectionDied)
        #expect(upstream.server.count("/die-on-second") == 2)
        #expect(upstream.server.connections == 1)
    }

    @Test func `a kept connection that the server has closed meanwhile is not used`() throws {
        let upstream = try Upstream()
        for _ in 0..<3 { #expect(try upstream.text(.post, "/until-close") == "all of it") }
    }

    @Test(arguments: ["127.0.0.1", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "0"])
    func `SECURITY 29: no notation of loopback gets past the guard`(host: String) throws {
        let upstream = try Upstream(allowing: [])
        try expectRefused(upstream, host)
    }

    @Test(arguments: [
        "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[::]",
        "[64:ff9b::7f00:1]", "[fd00::1]", "169.254.169.254", "10.0.0.1", "0.0.0.0",
    ])
    func `SECURITY 29: an address that is not public is not called`(host: String) throws {
        let upstream = try Upstream(allowing: [])
        try expectRefused(upstream, host)
    }

    @Test func `SECURITY 29: an allowed network is allowed under every name`() throws {
        let upstream = try Upstream()
        for host in ["127.0.0.1", "127.1", "localhost", "2130706433"] {
            let request = OutgoingRequest(method: .get, to: try upstream.url("/echo", host: host))
            #expect(try upstream.transport.send(request).head.status == 200)
        }
    }

    private func expectRefused(_ upstream: Upstream, _ host: String) throws {
        let request = OutgoingRequest(method: .get, to: try upstream.url("/echo", host: host))
        let error = #expect(throws: HTTPClientError.self) { try upstream.transport.send(request) }
        guard case .addressRefused = error else {
            Issue.record("\(host): \(String(describing: error))")
            return
        }
        #expect(upstream.server.connections == 0)
    }
}
