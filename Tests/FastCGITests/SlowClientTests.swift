import FastCGI
import Glibc
import Testing
import Web

/// Clients that hold a worker by being slow.
struct SlowClientTests {
    private static let rate = ClientRate(bytesPerSecond: 1000, grace: .seconds(1))

    /// Reads the body as a handler does that waits for it.
    private static func collect(_ request: Request) throws -> Response {
        .text("\(try request.body.collect(upTo: 1_000_000).count)")
    }

    /// Reads the body as a transfer does that waits for more than the client.
    private static func watch(_ request: Request) throws -> Response {
        var buffer = [UInt8](repeating: 0, count: 1000)
        var total = 0
        while true {
            guard eventually({ request.body.isReady }) else { return .text("no end") }
            let count = try buffer.withUnsafeMutableBytes { try request.body.read(into: $0) }
            if count == 0 { return .text("\(total)") }
            total += count
        }
    }

    private static func head(length: Int?) -> [UInt8] {
        RawRequest("POST", "/", length.map { [("CONTENT_LENGTH", "\($0)")] } ?? []).start
    }

    /// Sends one piece after the other, with pauses, until an answer begins.
    private func drip(_ piece: [UInt8], times: Int, milliseconds: Int32, to client: RawClient) {
        for _ in 0..<times {
            guard client.send(RawRequest.record(5, 1, piece)) else { return }
            var entry = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, milliseconds) > 0 { return }
        }
    }

    @Test(arguments: [true, false], [100_000, nil])
    func `a body of a byte now and then is a 408`(isWatched: Bool, length: Int?) throws {
        let server = try TestServer(
            clientRate: Self.rate, isWatched ? Self.watch : Self.collect)
        let client = try server.connect()
        client.send(Self.head(length: length))
        drip([1], times: 100, milliseconds: 100, to: client)
        let answer = client.readAnswer()
        #expect(answer.status == 408)
        #expect(answer.body.contains("body_timeout"))
        #expect(server.log.errors.isEmpty)
        #expect(try server.connect().exchange(RawRequest("POST", "/", body: "x")).body == "1")
    }

    @Test func `a body that stops is a 408, however much has come at once before`() throws {
        let server = try TestServer(clientRate: Self.rate, Self.collect)
        let client = try server.connect()
        client.send(Self.head(length: 100_000))
        for _ in 0..<10 { client.send(RawRequest.record(5, 1, Array(repeating: 1, count: 9_000))) }
        #expect(client.readAnswer().status == 408)
    }

    @Test(arguments: [true, false])
    func `a body that comes slowly, but fast enough, is read`(isWatched: Bool) throws {
        let server = try TestServer(
            clientRate: Self.rate, isWatched ? Self.watch : Self.collect)
        let client = try server.connect()
        client.send(Self.head(length: nil))
        drip(Array(repeating: 1, count: 900), times: 8, milliseconds: 300, to: client)
        client.send(RawRequest.record(5, 1, []))
        #expect(client.readAnswer().body == "7200")
    }

    @Test func `time that the handler takes is not the client's`() throws {
        let server = try TestServer(clientRate: Self.rate) { request in
            var buffer = [UInt8](repeating: 0, count: 1)
            var total = 0
            while try buffer.withUnsafeMutableBytes({ try request.body.read(into: $0) }) > 0 {
                total += 1
                usleep(500_000)
            }
            return .text("\(total)")
        }
        let client = try server.connect()
        client.send(Self.head(length: nil) + RawRequest.record(5, 1, [1, 2, 3]))
        client.send(RawRequest.record(5, 1, []))
        #expect(client.readAnswer().body == "3")
    }

    @Test(arguments: [100, 5_000, 16_384, 200_000])
    func `an answer that the client does not take holds no worker for long`(piece: Int) throws {
        let gate = Gate()
        let rate = ClientRate(bytesPerSecond: 500_000, grace: .seconds(1))
        let server = try TestServer(clientRate: rate) { _ in
            Response(
                status: .ok,
                body: .stream { writer in
                    defer { gate.open() }
                    let bytes = [UInt8](repeating: 1, count: piece)
                    while true { try bytes.withUnsafeBytes { try writer.write($0) } }
                })
        }
        let client = try server.connect()
        client.send(RawRequest("GET", "/").bytes)
        #expect(eventually { gate.isOpened })
        #expect(eventually { server.statistics.openConnections == 0 })
        _ = client
    }

    @Test func `an answer that is taken slowly, but fast enough, comes whole`() throws {
        let rate = ClientRate(bytesPerSecond: 500_000, grace: .seconds(1))
        let total = 3_000_000
        let server = try TestServer(clientRate: rate) { _ in
            Response(
                status: .ok,
                body: .stream { writer in
                    let bytes = [UInt8](repeating: 1, count: 10_000)
                    for _ in 0..<total / 10_000 {
                        try bytes.withUnsafeBytes { try writer.write($0) }
                    }
                })
        }
        let client = try server.connect()
        client.send(RawRequest("GET", "/").bytes)
        var taken = 0
        while let record = client.readRecord(), record.type == 6 {
            taken += record.content.count
            usleep(5_000)
        }
        #expect(taken > total)
    }
}
