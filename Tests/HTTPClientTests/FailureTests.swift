import Glibc
import HTTPClient
import HTTPTypes
import Testing

struct FailureTests {
    /// The error's case and phase, without its details.
    private func kind(_ work: () throws -> Void) -> String {
        do {
            try work()
            return "none"
        } catch let error as HTTPClientError {
            switch error {
            case .broken(let phase, _): return "broken \(phase)"
            case .timedOut(let phase): return "timedOut \(phase)"
            default: return String("\(error)".prefix { $0 != "(" })
            }
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: ["/reset", "/close-after-request", "/truncated-head"])
    func `a connection that dies before the head is told as sent`(path: String) throws {
        let upstream = try Upstream()
        #expect(kind { _ = try upstream.send(.get, path) } == "broken sent")
    }

    @Test(arguments: ["/truncated-length", "/truncated-chunk"])
    func `a body that breaks off is told after what came of it`(path: String) throws {
        let exchange = try Upstream().send(.get, path)
        #expect(exchange.head.status == 200)
        var body = ""
        let outcome = kind {
            try exchange.drain(
                to: { body += String(decoding: $0, as: UTF8.self) }, beforeWaiting: {})
        }
        #expect(outcome == "broken body")
        #expect(body == "short")
    }

    @Test func `an answer that is not HTTP is told as such`() throws {
        let upstream = try Upstream()
        #expect(kind { _ = try upstream.send(.get, "/garbage") } == "malformedResponse")
    }

    @Test func `a closed port is a failed connection`() throws {
        let upstream = try Upstream()
        let request = OutgoingRequest(method: .get, to: try parsed("http://127.0.0.1:1/"))
        #expect(kind { _ = try upstream.transport.send(request) } == "connectionFailed")
    }

    @Test func `a name that does not exist is told as such`() throws {
        let upstream = try Upstream()
        let request = OutgoingRequest(method: .get, to: try parsed("http://name.invalid/"))
        #expect(kind { _ = try upstream.transport.send(request) } == "nameNotResolved")
    }

    @Test func `a server that speaks no TLS is a TLS failure`() throws {
        let upstream = try Upstream()
        let url = "https://127.0.0.1:\(upstream.server.port)/"
        let request = OutgoingRequest(method: .get, to: try parsed(url))
        #expect(kind { _ = try upstream.transport.send(request) } == "tlsFailed")
    }

    @Test func `each limit has its phase`() throws {
        let upstream = try Upstream()
        let limits = TransferLimits(
            connect: .milliseconds(200), head: .milliseconds(200), idle: .milliseconds(200))
        let started = ContinuousClock.now
        #expect(kind { _ = try upstream.send(.get, "/hang", limits: limits) } == "timedOut sent")
        let exchange = try upstream.send(.get, "/drip?ms=10000", limits: limits)
        #expect(kind { _ = try exchange.collect(upTo: 100) } == "timedOut body")
        #expect(started.duration(to: .now) < .seconds(4))
    }

    @Test func `the total limit ends a body that keeps coming`() throws {
        let upstream = try Upstream()
        for path in ["/drip?ms=10&count=100000", "/endless"] {
            let limits = TransferLimits(idle: .seconds(5), total: .milliseconds(300))
            let exchange = try upstream.send(.get, path, limits: limits)
            let outcome = kind { try exchange.drain(to: { _ in }, beforeWaiting: {}) }
            #expect(outcome == "timedOut body")
        }
    }

    @Test func `a slow reader does not use up the idle limit`() throws {
        let upstream = try Upstream()
        let exchange = try upstream.send(
            .get, "/bytes?size=300000", limits: TransferLimits(idle: .milliseconds(100)))
        var pieces = 0
        try exchange.drain(
            to: { _ in
                pieces += 1
                if pieces < 3 { poll(nil, 0, 150) }
            }, beforeWaiting: {})
        #expect(pieces >= 3)
    }

    @Test func `an upload that makes progress does not use up the head's limit`() throws {
        let upstream = try Upstream()
        var left = 6
        let body = OutgoingBody.stream(
            length: nil,
            read: { buffer in
                poll(nil, 0, 100)
                left -= 1
                buffer[0] = 0x61
                return left > 0 ? 1 : 0
            })
        let exchange = try upstream.send(
            .post, "/echo", body: body, limits: TransferLimits(head: .milliseconds(400)))
        #expect(exchange.head.status == 200)
    }

    @Test func `a caller who goes away stops the transfer at once`() throws {
        let upstream = try Upstream()
        for path in ["/hang", "/drip?ms=20000"] {
            var pair: [Int32] = [0, 0]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
            defer { close(pair[0]) }
            let started = ContinuousClock.now
            let (mine, theirs) = (pair[0], pair[1])
            let outcome = kind {
                try Threads.run(
                    {
                        while upstream.server.count(String(path.prefix { $0 != "?" })) == 0 {
                            sched_yield()
                        }
                        close(theirs)
                    },
                    while: {
                        let exchange = try upstream.send(.get, path, watchedDescriptor: mine)
                        _ = try exchange.collect(upTo: 1_000)
                    })
            }
            #expect(outcome == "abandoned")
            #expect(started.duration(to: .now) < .seconds(3))
        }
    }

    @Test func `a caller who merely sends something does not stop the transfer`() throws {
        let upstream = try Upstream()
        var pair: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { for descriptor in pair { close(descriptor) } }
        #expect(write(pair[1], "more", 4) == 4)
        let exchange = try upstream.send(.get, "/drip?count=3&ms=20", watchedDescriptor: pair[0])
        #expect(try exchange.collect(upTo: 10).count == 3)
    }

    @Test func `an answer before the end of the upload is the answer`() throws {
        let upstream = try Upstream()
        let body = OutgoingBody.stream(length: 50_000_000, read: zeros(50_000_000))
        let exchange = try upstream.send(.post, "/early-answer", body: body)
        #expect(exchange.head.status.code == 413)
        #expect(try exchange.collect(upTo: 100) == Array("too much".utf8))
    }
}
