import Glibc
import Testing
import Web

struct StopTests {
    @Test func `RELIABILITY 10: an idle server stops within a second`() throws {
        let server = try TestServer()
        let clients = try (0..<10).map { _ in try server.connect() }
        for client in clients { #expect(client.exchange(RawRequest()).isComplete) }
        let duration = ContinuousClock().measure {
            server.stop()
            #expect(eventually { server.hasEnded })
        }
        #expect(duration < .seconds(1))
        #expect(clients.allSatisfy { $0.isClosedByServer })
        #expect(server.statistics.openConnections == 0 && server.statistics.workers == 0)
    }

    @Test func `RELIABILITY 10: requests in flight are answered before the end`() throws {
        let gate = Gate()
        let server = try TestServer { _ in
            gate.pass()
            return .text("done")
        }
        let clients = try (0..<20).map { _ in try server.connect() }
        for client in clients { client.send(RawRequest().bytes) }
        #expect(eventually { gate.waitingCount == 20 })
        server.stop()
        #expect(eventually { access(server.path, F_OK) != 0 })
        #expect(!server.hasEnded)
        gate.open()
        for client in clients {
            #expect(client.readAnswer().body == "done")
            #expect(client.isClosedByServer)
        }
        #expect(eventually { server.hasEnded })
    }

    @Test func `requests that wait in the queue are answered before the end`() throws {
        let gate = Gate()
        let server = try TestServer(minimumWorkers: 1, maximumWorkers: 1) { _ in
            gate.pass()
            return .text("done")
        }
        let clients = try (0..<5).map { _ in try server.connect() }
        for client in clients { client.send(RawRequest().bytes) }
        #expect(eventually { gate.waitingCount == 1 })
        server.stop()
        #expect(eventually { access(server.path, F_OK) != 0 })
        gate.open()
        for client in clients { #expect(client.readAnswer().body == "done") }
        #expect(eventually { server.hasEnded })
    }

    @Test func `a request that never becomes complete does not hold up the end`() throws {
        let server = try TestServer(drainTimeout: .seconds(30))
        let client = try server.connect()
        client.send(RawRequest().begin)
        #expect(eventually { server.statistics.busyWorkers == 1 })
        let duration = ContinuousClock().measure {
            server.stop()
            #expect(eventually { server.hasEnded })
        }
        #expect(duration < .seconds(5))
    }

    @Test func `a request that takes longer than its time is cut off`() throws {
        let server = try TestServer(drainTimeout: .seconds(1)) { _ in
            Response(
                status: .ok,
                body: .stream { writer in
                    let chunk = [UInt8](repeating: 65, count: 100_000)
                    while true { try chunk.withUnsafeBytes { try writer.write($0) } }
                })
        }
        let client = try server.connect()
        client.send(RawRequest().bytes)
        _ = client.readRecord()
        server.stop()
        #expect(eventually { server.hasEnded })
        #expect(server.log.contains("cut off"))
    }
}
