import Testing
import Web

struct ConnectionTests {
    @Test func `a kept connection answers one request after the other`() throws {
        let server = try TestServer { .text($0.path) }
        let client = try server.connect()
        for number in 0..<100 {
            #expect(client.exchange(RawRequest("GET", "/\(number)")).body == "/\(number)")
        }
        #expect(server.statistics.openConnections == 1)
        #expect(eventually { server.statistics.requestsAnswered == 100 })
    }

    @Test func `a connection that is not to be kept is closed after the answer`() throws {
        var request = RawRequest()
        request.keepsConnection = false
        let server = try TestServer()
        let client = try server.connect()
        #expect(client.exchange(request).isComplete)
        #expect(client.isClosedByServer)
    }

    @Test func `idle kept connections hold no worker`() throws {
        let server = try TestServer(minimumWorkers: 2, maximumWorkers: 2)
        let clients = try (0..<50).map { _ in try server.connect() }
        for _ in 0..<3 {
            for client in clients { #expect(client.exchange(RawRequest()).body == "hello") }
        }
        withExtendedLifetime(clients) {
            #expect(server.statistics.workers == 2)
            #expect(server.statistics.openConnections == 50)
        }
    }

    @Test func `a parked connection that nginx closes is freed without a word`() throws {
        let server = try TestServer()
        do {
            let client = try server.connect()
            #expect(client.exchange(RawRequest()).isComplete)
        }
        #expect(eventually { server.statistics.openConnections == 0 })
        #expect(server.log.errors.isEmpty)
    }

    @Test func `a request sent before the last one is answered is not lost in silence`() throws {
        let server = try TestServer()
        let client = try server.connect()
        client.send(RawRequest().bytes + RawRequest().bytes)
        #expect(client.readAnswer().isComplete)
        // libfcgi has read the second one ahead and forgets it: the client is told by the close.
        #expect(client.isClosedByServer)
    }

    @Test func `the server does not care how the bytes of a request are cut`() throws {
        let server = try TestServer { request in
            .text(String(decoding: try request.body.collect(upTo: 100), as: UTF8.self))
        }
        let client = try server.connect()
        for _ in 0..<3 {
            for byte in RawRequest("POST", "/", body: "hello").bytes { client.send([byte]) }
            #expect(client.readAnswer().body == "hello")
        }
    }

    @Test func `other request ids than 1 are used in the answer`() throws {
        let server = try TestServer()
        let client = try server.connect()
        for id in [7, 65535, 1] as [UInt16] {
            var request = RawRequest()
            request.id = id
            #expect(client.exchange(request).isComplete)
        }
    }
}
