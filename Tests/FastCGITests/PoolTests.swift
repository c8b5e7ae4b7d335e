import Testing
import Web

struct PoolTests {
    @Test func `workers that wait do not keep others from being served`() throws {
        let gate = Gate()
        let server = try TestServer(minimumWorkers: 2, maximumWorkers: 64) { request in
            if request.path == "/slow" { gate.pass() }
            return .text("done")
        }
        let slow = try (0..<40).map { _ in try server.connect() }
        for client in slow { client.send(RawRequest("GET", "/slow").bytes) }
        #expect(eventually { gate.waitingCount == 40 })
        #expect(try server.connect().exchange(RawRequest()).body == "done")
        #expect(server.statistics.busyWorkers >= 40)
        gate.open()
        for client in slow { #expect(client.readAnswer().body == "done") }
    }

    @Test func `at the maximum requests wait and are then answered`() throws {
        let gate = Gate()
        let server = try TestServer(minimumWorkers: 1, maximumWorkers: 3) { request in
            gate.pass()
            return .text("done")
        }
        let clients = try (0..<20).map { _ in try server.connect() }
        for client in clients { client.send(RawRequest().bytes) }
        #expect(eventually { gate.waitingCount == 3 })
        #expect(server.statistics.workers == 3)
        gate.open()
        for client in clients { #expect(client.readAnswer().body == "done") }
    }

    @Test func `spare workers end, also while some work goes on`() throws {
        let gate = Gate()
        let server = try TestServer(
            minimumWorkers: 1, maximumWorkers: 32, workerIdleTime: .seconds(1)
        ) { request in
            if request.path == "/slow" { gate.pass() }
            return .text("done")
        }
        let clients = try (0..<20).map { _ in try server.connect() }
        for client in clients { client.send(RawRequest("GET", "/slow").bytes) }
        #expect(eventually { gate.waitingCount == 20 })
        gate.open()
        for client in clients { #expect(client.readAnswer().isComplete) }
        #expect(
            eventually {
                _ = clients[0].exchange(RawRequest())
                return server.statistics.workers <= 2
            })
    }

    @Test func `many connections at once are all answered`() throws {
        let server = try TestServer(minimumWorkers: 4) { .text($0.path) }
        let clients = try (0..<400).map { _ in try server.connect() }
        for round in 0..<3 {
            for (number, client) in clients.enumerated() {
                client.send(RawRequest("GET", "/\(round)/\(number)").bytes)
            }
            for (number, client) in clients.enumerated() {
                #expect(client.readAnswer().body == "/\(round)/\(number)")
            }
        }
    }

    @Test func `a system without room for a thread is survived`() throws {
        let server = try TestServer(stackBytes: 1 << 46)
        #expect(eventually { server.log.contains("can't start a worker thread") })
        #expect(server.statistics.workers == 0)
        server.stop()
        #expect(eventually { server.hasEnded })
    }
}
