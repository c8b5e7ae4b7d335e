import Glibc
import Testing
import Web

struct BodyTests {
    private func echo(bodyLimit: Int64? = nil) throws -> TestServer {
        try TestServer(bodyLimit: bodyLimit) { request in
            Response(status: .ok, body: .bytes(try request.body.collect(upTo: 10_000_000)))
        }
    }

    @Test func `SECURITY 44: a body with a length is read to that length`() throws {
        var request = RawRequest("POST", "/", body: "hello")
        request.body = [Array("hello and more".utf8)]
        let client = try echo().connect()
        #expect(client.exchange(request).body == "hello")
        #expect(client.exchange(RawRequest("POST", "/", body: "next")).body == "next")
    }

    @Test func `SECURITY 44: a body that is shorter than its length is a 400`() throws {
        var request = RawRequest("POST", "/", body: "hello")
        request.body = [Array("hel".utf8)]
        let answer = try echo().connect().exchange(request)
        #expect(answer.status == 400)
        #expect(answer.body.contains("body_incomplete"))
    }

    @Test func `SECURITY 44: a body without a length is read to its end`() throws {
        var request = RawRequest("POST", "/")
        request.body = (0..<50).map { _ in Array(repeating: UInt8(ascii: "x"), count: 65_535) }
        let server = try TestServer { request in
            var buffer = [UInt8](repeating: 0, count: 10_000)
            var total = 0
            while true {
                let count = try buffer.withUnsafeMutableBytes { try request.body.read(into: $0) }
                if count == 0 { return .text("\(total) \(request.body.length == nil)") }
                total += count
            }
        }
        #expect(try server.connect().exchange(request).body == "\(50 * 65_535) true")
    }

    @Test func `a long body comes as it was sent, and then the next request`() throws {
        let lengths = [70, 1, 65_535, 8, 30_000, 32_768, 2, 65_535, 9_999, 264, 263]
        var request = RawRequest("POST", "/")
        request.body = lengths.enumerated().map { number, length in
            (0..<length).map { UInt8(truncatingIfNeeded: $0 + number) }
        }
        let bytes = request.body.flatMap { $0 }
        request.parameters.append(("CONTENT_LENGTH", "\(bytes.count)"))
        let client = try echo().connect()
        for _ in 0..<3 {
            let answer = client.exchange(request)
            #expect(answer.isComplete)
            #expect(Array(answer.output.suffix(bytes.count)) == bytes)
        }
        #expect(client.exchange(RawRequest("POST", "/", body: "next")).body == "next")
    }

    @Test func `SECURITY 44: a body over the cap is a 413, with and without a length`() throws {
        let server = try echo(bodyLimit: 10)
        #expect(
            try server.connect().exchange(RawRequest("POST", "/", body: "0123456789")).status == 200
        )
        var request = RawRequest("POST", "/", body: "0123456789a")
        #expect(try server.connect().exchange(request).status == 413)
        request.parameters.removeAll { $0.0 == "CONTENT_LENGTH" }
        #expect(try server.connect().exchange(request).status == 413)
    }

    @Test(arguments: ["-1", "+1", "1e3", "0x10", " 1", "99999999999999999999"])
    func `a length that is no number is a 400`(length: String) throws {
        let request = RawRequest("POST", "/", [("CONTENT_LENGTH", length)])
        #expect(try echo().connect().exchange(request).status == 400)
    }

    @Test func `what has come of a body can be read before the rest`() throws {
        let server = try TestServer { request in
            .init(
                status: .ok,
                body: .stream { writer in
                    var buffer = [UInt8](repeating: 0, count: 100)
                    while true {
                        let count = try buffer.withUnsafeMutableBytes {
                            try request.body.read(into: $0)
                        }
                        if count == 0 { return }
                        try buffer[..<count].withUnsafeBytes { try writer.write($0) }
                        try writer.flush()
                    }
                })
        }
        let client = try server.connect()
        client.send(RawRequest("POST").start + RawRequest.record(5, 1, Array("one".utf8)))
        let first = client.readRecord()
        #expect(first.map { String(decoding: $0.content, as: UTF8.self).hasSuffix("one") } == true)
        client.send(RawRequest.record(5, 1, Array("two".utf8)))
        #expect(client.readRecord().map { String(decoding: $0.content, as: UTF8.self) } == "two")
        client.send(RawRequest.record(5, 1, []))
        #expect(client.readAnswer().isComplete)
    }

    @Test func `a body that was not read does not spoil the next request`() throws {
        let server = try TestServer { .text($0.path) }
        let client = try server.connect()
        var request = RawRequest("POST", "/first", body: String(repeating: "b", count: 60_000))
        #expect(client.exchange(request).body == "/first")
        request = RawRequest("GET", "/second")
        #expect(client.exchange(request).body == "/second")
    }

    @Test func `a body that was not read does not take the answer with it, however long it is`()
        throws
    {
        let server = try TestServer { .text($0.path) }
        do {
            let client = try server.connect()
            client.send(RawRequest("POST", "/first").start)
            let chunk = RawRequest.record(5, 1, Array(repeating: 0, count: 65_000))
            // A connection that was closed with bytes unread would be reset, the answer lost.
            for _ in 0..<40 { #expect(client.send(chunk)) }
            #expect(client.readAnswer().body == "/first")
        }
        #expect(eventually { server.statistics.openConnections == 0 })
    }

    @Test func `a client that leaves in the middle of its body fails that request only`() throws {
        let server = try echo()
        do {
            let client = try server.connect()
            var request = RawRequest("POST", "/", body: "hello")
            request.body = []
            client.send(request.start)
        }
        #expect(eventually { server.statistics.openConnections == 0 })
        #expect(try server.connect().exchange(RawRequest("POST", "/", body: "x")).body == "x")
    }
}
