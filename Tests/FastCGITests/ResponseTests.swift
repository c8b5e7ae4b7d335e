import FastCGI
import HTTPTypes
import Headers
import Testing
import Web

struct ResponseTests {
    private struct Broken: Error {}

    private func answer(
        _ method: String = "GET", _ respond: @escaping @Sendable (Request) throws -> Response
    ) throws -> RawAnswer {
        try TestServer(respond).connect().exchange(RawRequest(method))
    }

    @Test func `bytes are sent with their length`() throws {
        let answer = try answer { _ in
            Response(
                status: .created, headers: [.contentType: "a/b", .contentLength: "99"],
                body: .bytes(Array("hello".utf8)))
        }
        #expect(answer.head == ["Status: 201 Created", "Content-Type: a/b", "Content-Length: 5"])
        #expect(answer.body == "hello")
    }

    @Test(arguments: [
        (HTTPResponse.Status(code: 200), "200 OK"),
        (HTTPResponse.Status(code: 404), "404 Not Found"),
        (HTTPResponse.Status(code: 599), "599 Unknown"),
        (HTTPResponse.Status(code: 200, reasonPhrase: "Fine"), "200 Fine"),
    ])
    func `a status has words behind its number`(
        status: HTTPResponse.Status, line: String
    ) throws {
        #expect(try answer { _ in Response(status: status) }.head.first == "Status: \(line)")
    }

    @Test func `HEAD says what GET would, without the body`() throws {
        let bytes = try answer("HEAD") { _ in .text("hello") }
        #expect(bytes.head.contains("Content-Length: 5"))
        #expect(bytes.body == "")
        let stream = try answer("HEAD") { _ in
            Response(status: .ok, body: .stream { _ in throw Broken() })
        }
        #expect(stream.isComplete && stream.body == "")
    }

    @Test(arguments: [HTTPResponse.Status.noContent, .notModified])
    func `204 and 304 have neither body nor length`(status: HTTPResponse.Status) throws {
        for headers: HeaderFields in [[:], [.contentLength: "1"]] {
            for bytes: [UInt8]? in [[65], nil] {
                let answer = try answer { _ in
                    Response(
                        status: status, headers: headers,
                        body: bytes.map { .bytes($0) } ?? .empty)
                }
                #expect(answer.head == ["Status: \(status.code) \(status.reasonPhrase)"])
                #expect(answer.body == "")
            }
        }
    }

    @Test func `a stream goes out as it is flushed, and ends with the request`() throws {
        let gate = Gate()
        let server = try TestServer { _ in
            Response(
                status: .ok,
                body: .stream { writer in
                    try Array("one".utf8).withUnsafeBytes { try writer.write($0) }
                    try writer.flush()
                    gate.pass()
                    try Array("two".utf8).withUnsafeBytes { try writer.write($0) }
                })
        }
        let client = try server.connect()
        client.send(RawRequest().bytes)
        let first = client.readRecord()
        #expect(first.map { String(decoding: $0.content, as: UTF8.self).hasSuffix("one") } == true)
        gate.open()
        let rest = client.readAnswer()
        #expect(rest.text == "two" && rest.isComplete)
    }

    @Test func `a large body arrives whole`() throws {
        let size = 5_000_000
        let answer = try answer { _ in
            Response(status: .ok, body: .bytes([UInt8](repeating: 65, count: size)))
        }
        #expect(answer.output.count > size && answer.isComplete)
        #expect(answer.output.suffix(size).allSatisfy { $0 == 65 })
    }

    @Test func `pieces of a stream arrive in their order, however long they are`() throws {
        let lengths = [1, 8191, 8192, 3, 65_528, 65_529, 200_000, 7, 16_384, 5]
        let bytes = (0..<lengths.reduce(0, +)).map { UInt8(truncatingIfNeeded: $0 % 251) }
        let server = try TestServer { _ in
            Response(
                status: .ok, headers: [.contentLength: "\(bytes.count)"],
                body: .stream { writer in
                    var start = 0
                    for length in lengths {
                        try bytes[start..<start + length].withUnsafeBytes { try writer.write($0) }
                        start += length
                    }
                })
        }
        let client = try server.connect()
        for _ in 0..<3 {
            let answer = client.exchange(RawRequest())
            #expect(answer.isComplete)
            #expect(Array(answer.output.suffix(bytes.count)) == bytes)
        }
    }

    @Test func `no value of a header begins another one`() throws {
        let answer = try answer { _ in
            Response(status: .ok, headers: [.location: "/a\r\nSet-Cookie: x=1\nY: 2\0"])
        }
        #expect(answer.head.contains("Location: /a  Set-Cookie: x=1 Y: 2"))
        #expect(answer.head.count == 3)
    }

    @Test func `a Status header does not overrule the status`() throws {
        let answer = try answer { _ in
            guard let name = HTTPField.Name("Status") else { throw Broken() }
            return Response(status: .ok, headers: [name: "500"])
        }
        #expect(answer.status == 200 && !answer.text.contains("500"))
    }

    @Test func `a responder that throws is a 500 with an id that the log has`() throws {
        let server = try TestServer { _ in throw Broken() }
        let id = "abcdef0123456789"
        let client = try server.connect()
        let answer = client.exchange(RawRequest("GET", "/", [("GRANTKEEPER_REQUEST_ID", id)]))
        #expect(answer.status == 500)
        #expect(answer.body.contains(id) && !answer.body.contains("Broken"))
        #expect(server.log.contains(id) && server.log.contains("Broken"))
        #expect(client.exchange(RawRequest()).status == 500)
    }

    @Test func `a thrown problem is answered as itself`() throws {
        let answer = try answer { _ in
            throw Problem(.conflict, .connectionRequired, "Connect first.")
        }
        #expect(answer.status == 409)
        #expect(answer.body.contains("connection_required"))
    }

    @Test func `a stream that throws is an answer that looks broken`() throws {
        let server = try TestServer { _ in
            Response(
                status: .ok,
                body: .stream { writer in
                    try Array("half".utf8).withUnsafeBytes { try writer.write($0) }
                    try writer.flush()
                    throw Broken()
                })
        }
        let answer = try server.connect().exchange(RawRequest())
        #expect(answer.body == "half")
        #expect(!answer.isComplete && !answer.records.contains(3))
        #expect(eventually { server.log.contains("cut short") })
    }

    @Test func `a stream that does not keep to its declared length looks broken`() throws {
        let answer = try answer { _ in
            Response(
                status: .ok, headers: [.contentLength: "10"],
                body: .stream { writer in
                    try Array("half".utf8).withUnsafeBytes { try writer.write($0) }
                })
        }
        #expect(!answer.isComplete)
    }

    @Test(arguments: [true, false])
    func `what breaks off begins all the same, and ends so that nginx cannot take it for whole`(
        isBuffered: Bool
    ) throws {
        let answer = try answer { _ in
            var response = Response(
                status: .accepted,
                body: .stream { writer in
                    try Array("half".utf8).withUnsafeBytes { try writer.write($0) }
                    throw Broken()
                })
            response.isBuffered = isBuffered
            return response
        }
        // Without a head, nginx would answer in our place.
        #expect(answer.text.contains("Status: 202 Accepted"))
        #expect(answer.body == "half" && !answer.isComplete)
        #expect(answer.head.contains("X-Accel-Buffering: no") == !isBuffered)
        // A record of type 0 is none.
        #expect(answer.records.contains(0) == !isBuffered)
    }

    @Test func `a client that leaves ends the stream and is no error`() throws {
        let server = try TestServer { _ in
            Response(
                status: .ok,
                body: .stream { writer in
                    let chunk = [UInt8](repeating: 65, count: 100_000)
                    while true { try chunk.withUnsafeBytes { try writer.write($0) } }
                })
        }
        do {
            let client = try server.connect()
            client.send(RawRequest().bytes)
            _ = client.readRecord()
        }
        #expect(eventually { server.statistics.openConnections == 0 })
        #expect(server.log.errors.isEmpty)
    }

    @Test func `a responder notices that the client has gone`() throws {
        let started = Gate()
        let server = try TestServer { request in
            #expect(request.client.descriptor != nil)
            #expect(!request.client.isGone)
            started.open()
            #expect(eventually { request.client.isGone })
            throw ClientGone()
        }
        do {
            let client = try server.connect()
            client.send(RawRequest().bytes)
            #expect(eventually { started.isOpened })
        }
        #expect(eventually { server.statistics.openConnections == 0 })
        #expect(server.log.errors.isEmpty)
    }

    @Test func `an aborted request counts as gone`() throws {
        let server = try TestServer { request in
            _ = try request.body.collect(upTo: 10)
            return .text(eventually { request.client.isGone } ? "gone" : "there")
        }
        let client = try server.connect()
        client.send(RawRequest().bytes)
        client.send(RawRequest.record(2, 1, []))
        #expect(client.readAnswer().body == "gone")
    }
}
