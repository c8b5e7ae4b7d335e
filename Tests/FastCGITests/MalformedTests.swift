import Testing

/// SECURITY 41: what is no request fails alone; the workers live.
struct MalformedTests {
    /// Sends the bytes on a connection of their own, and leaves when `leaves` says so.
    private func expectSurvival(
        of bytes: [UInt8], leaves: Bool = false, logs: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let server = try TestServer(minimumWorkers: 1, maximumWorkers: 1)
        do {
            let client = try server.connect()
            client.send(bytes)
            if !leaves { #expect(!client.readAnswer().isComplete, sourceLocation: sourceLocation) }
        }
        if logs {
            #expect(eventually { !server.log.errors.isEmpty }, sourceLocation: sourceLocation)
        }
        let answer = try server.connect().exchange(RawRequest())
        #expect(answer.body == "hello", sourceLocation: sourceLocation)
        #expect(
            eventually { server.statistics.openConnections == 0 }, sourceLocation: sourceLocation)
        if !logs { #expect(server.log.errors.isEmpty, sourceLocation: sourceLocation) }
    }

    @Test func `SECURITY 41: parameters with lengths up to INT_MAX`() throws {
        let start = RawRequest().begin
        for lengths: [UInt8] in [
            [255, 255, 255, 255, 255, 255, 255, 255], [255, 255, 255, 255, 0],
            [0, 255, 255, 255, 255], [128, 0, 0, 1, 255, 255, 255, 254],
        ] {
            let content = lengths + Array(repeating: 65, count: 100)
            try expectSurvival(
                of: start + RawRequest.record(4, 1, content) + RawRequest.record(4, 1, []))
        }
    }

    @Test func `SECURITY 41: parameters that end in the middle of a pair`() throws {
        let half = RawRequest.pair("REQUEST_METHOD", "GET").dropLast(2)
        try expectSurvival(
            of: RawRequest().begin + RawRequest.record(4, 1, Array(half))
                + RawRequest.record(4, 1, []))
    }

    @Test func `SECURITY 41: another version, an unknown type, a stream before its request`() throws
    {
        try expectSurvival(of: [7] + RawRequest().bytes.dropFirst())
        try expectSurvival(of: RawRequest().begin + RawRequest.record(99, 1, [1, 2, 3]))
        try expectSurvival(of: RawRequest.record(5, 1, [1, 2, 3]))
        try expectSurvival(of: Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
        try expectSurvival(of: Array(repeating: 0, count: 100_000))
        try expectSurvival(of: Array(repeating: 255, count: 100_000))
    }

    @Test func `SECURITY 41: a connection that is dropped anywhere in the head`() throws {
        let head = RawRequest("GET", "/", [("HTTP_ACCEPT", "x")]).start
        for count in [1, 7, 8, 12, 16, 20, head.count - 1] {
            try expectSurvival(of: Array(head.prefix(count)), leaves: true)
        }
    }

    @Test func `a connection that says nothing is no error`() throws {
        try expectSurvival(of: [], leaves: true, logs: false)
    }

    @Test(arguments: [0, 2, 3, 65535] as [UInt16])
    func `SECURITY 41: another role than responder ends the connection`(role: UInt16) throws {
        var request = RawRequest()
        request.role = role
        try expectSurvival(of: request.bytes)
    }

    @Test func `SECURITY 41: management records are answered`() throws {
        let client = try TestServer().connect()
        // Names asked for again and again: libfcgi's own answer would overrun its buffer.
        let names = (0..<300).flatMap { _ in RawRequest.pair("FCGI_MAX_CONNS", "") }
        client.send(RawRequest.record(9, 0, names))
        #expect(client.readRecord()?.type == 10)
        client.send(RawRequest.record(77, 0, [1, 2, 3]))
        let unknown = client.readRecord()
        #expect(unknown?.type == 11 && unknown?.content.first == 77)
        #expect(client.exchange(RawRequest()).body == "hello")
    }

    @Test func `SECURITY 41: a head that is longer than any ends the connection`() throws {
        let server = try TestServer(minimumWorkers: 1, maximumWorkers: 1)
        let long = RawRequest("GET", "/", [("HTTP_X", String(repeating: "x", count: 400_000))])
        let client = try server.connect()
        client.send(long.bytes)
        #expect(!client.readAnswer().isComplete)
        #expect(try server.connect().exchange(RawRequest()).body == "hello")
    }

    @Test func `SECURITY 41: a head that never comes whole holds no worker for ever`() throws {
        let server = try TestServer(minimumWorkers: 1, maximumWorkers: 1, headTimeout: .seconds(1))
        let head = RawRequest("GET", "/", [("HTTP_X", String(repeating: "x", count: 2000))]).start
        let slow = try server.connect()
        slow.send(Array(head.prefix(100)))
        let management = try server.connect()
        management.send(Array(RawRequest.record(9, 0, Array("abc".utf8)).prefix(9)))
        // Each piece takes more of the system's buffer than it is long.
        let crumbling = try server.connect()
        for byte in head { crumbling.send([byte]) }
        for client in [slow, management, crumbling] { #expect(!client.readAnswer().isComplete) }
        #expect(try server.connect().exchange(RawRequest()).body == "hello")
    }

    @Test func `SECURITY 41: management records among a body's records are answered too`() throws {
        let server = try TestServer { request in
            .text(String(decoding: try request.body.collect(upTo: 100), as: UTF8.self))
        }
        let client = try server.connect()
        let request = RawRequest("POST", "/", body: "hello")
        let names = (0..<300).flatMap { _ in RawRequest.pair("FCGI_MAX_CONNS", "") }
        let long: [UInt8] = [255, 255, 255, 255, 255, 255, 255, 255, 65, 65]
        client.send(
            request.start + RawRequest.record(5, 1, Array("he".utf8))
                + RawRequest.record(9, 0, names) + RawRequest.record(9, 0, long)
                + RawRequest.record(77, 0, [1]) + RawRequest.record(5, 1, Array("llo".utf8))
                + RawRequest.record(5, 1, []))
        let answer = client.readAnswer()
        #expect(answer.body == "hello")
        #expect(answer.records.prefix(3) == [10, 10, 11])
        #expect(client.exchange(RawRequest("POST", "/", body: "again")).body == "again")
    }

    @Test func `SECURITY 41: records of others among a body's are passed over, not without end`()
        throws
    {
        let server = try TestServer { request in
            .text(String(decoding: try request.body.collect(upTo: 100), as: UTF8.self))
        }
        let request = RawRequest("POST", "/", body: "hello")
        let foreign = RawRequest.record(5, 7, Array("evil".utf8)) + RawRequest.record(99, 7, [])
        let client = try server.connect()
        client.send(request.start + foreign + RawRequest.record(5, 1, Array("hello".utf8)))
        client.send(foreign + RawRequest.record(5, 1, []))
        #expect(client.readAnswer().body == "hello")
        let endless = try server.connect()
        endless.send(request.start + (0..<2000).flatMap { _ in foreign })
        #expect(endless.readAnswer().status == 400)
    }

    @Test(arguments: [[1, 99, 0, 1], [7, 5, 0, 1], [1, 1, 0, 0], [1, 1, 0, 1], [1, 2, 0, 1]])
    func `SECURITY 41: what cannot stand in a body breaks it off`(header: [UInt8]) throws {
        let server = try TestServer { request in
            .text(String(decoding: try request.body.collect(upTo: 100), as: UTF8.self))
        }
        let client = try server.connect()
        client.send(RawRequest("POST", "/", body: "hello").start + header + [0, 0, 0, 0])
        #expect(client.readAnswer().status == 400)
        #expect(try server.connect().exchange(RawRequest("POST", "/", body: "b")).body == "b")
    }

    @Test func `SECURITY 41: a second request on a busy connection is refused, the first answered`()
        throws
    {
        let server = try TestServer { request in
            .text(String(decoding: try request.body.collect(upTo: 100), as: UTF8.self))
        }
        let client = try server.connect()
        let request = RawRequest("POST", "/", body: "hello")
        var second = RawRequest()
        second.id = 2
        client.send(request.start + second.begin + RawRequest.record(5, 1, Array("hello".utf8)))
        client.send(RawRequest.record(5, 1, []))
        let refusal = client.readRecord()
        // FCGI_END_REQUEST with FCGI_CANT_MPX_CONN.
        #expect(refusal?.type == 3 && refusal?.content[4] == 1)
        #expect(client.readAnswer().body == "hello")
    }

    @Test func `SECURITY 41: random bytes in place of any part of a request`() throws {
        let server = try TestServer()
        var generator = SystemRandomNumberGenerator()
        let original = RawRequest("POST", "/a", [("HTTP_COOKIE", "a=b")], body: "hello").bytes
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    .random(in: 0...255, using: &generator)
            }
            try server.connect().send(bytes)
        }
        #expect(try server.connect().exchange(RawRequest()).body == "hello")
        #expect(eventually { server.statistics.openConnections <= 1 })
    }
}
