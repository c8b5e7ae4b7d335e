import FastCGI
import HTTPTypes
import Synchronization
import Testing
import Web

/// The record of a request, as the exchange begins and ends it.
struct RequestRecordTests {
    private struct Broken: Error {}

    private let observer = TestObserver()

    private func server(
        _ respond: @escaping @Sendable (Request) throws -> Response
    ) throws -> TestServer {
        try TestServer(bodyLimit: 100, observers: [observer], respond)
    }

    /// The record of the only request.
    private func onlyOne() throws -> TestObserver.Ended {
        #expect(eventually { !observer.ended.isEmpty })
        #expect(observer.ended.count == 1)
        return try #require(observer.ended.first)
    }

    private static func piece(_ text: String, to writer: any ResponseWriter) throws {
        try Array(text.utf8).withUnsafeBytes { try writer.write($0) }
        try writer.flush()
    }

    @Test func `an answered request has its status, its bytes and its times`() throws {
        let server = try server { request in
            _ = try request.body.collect(upTo: 100)
            return .text("hello", status: .accepted)
        }
        let id = ("GRANTKEEPER_REQUEST_ID", "abc1")
        #expect(
            try server.connect().exchange(RawRequest("PUT", "/x", [id], body: "seven77")).isComplete
        )
        let record = try onlyOne()
        #expect(record.id == "abc1" && record.method == .put && record.status == 202)
        #expect(record.bytesFromCaller == 7 && record.bytesToCaller == 5)
        #expect(record.outcome == "answered" && !record.isCut)
        #expect(record.isInOrder)
    }

    @Test func `observers are told when the caller has the last byte`() throws {
        observer.gate = Gate()
        let server = try server { _ in .text("hello") }
        let answer = try server.connect().exchange(RawRequest())
        #expect(answer.isComplete && answer.body == "hello")
        #expect(eventually { observer.gate?.waitingCount == 1 })
        observer.gate?.open()
        #expect(try onlyOne().bytesToCaller == 5)
    }

    @Test func `each request of a connection has a record of its own`() throws {
        let server = try server { _ in .text("hello") }
        let client = try server.connect()
        for id in ["a1", "b2", "c3"] {
            let request = RawRequest("GET", "/", [("GRANTKEEPER_REQUEST_ID", id)])
            #expect(client.exchange(request).isComplete)
        }
        #expect(eventually { observer.ended.count == 3 })
        #expect(observer.ended.map(\.id).sorted() == ["a1", "b2", "c3"])
    }

    @Test func `an answer that breaks off was cut by the service`() throws {
        let server = try server { _ in
            Response(
                status: .ok,
                body: .stream { writer in
                    try Self.piece("half", to: writer)
                    throw Broken()
                })
        }
        #expect(try !server.connect().exchange(RawRequest()).isComplete)
        let record = try onlyOne()
        #expect(record.outcome.hasPrefix("cut(") && record.outcome.contains("Broken"))
        #expect(record.isCut)
        #expect(record.status == 200 && record.bytesToCaller == 4)
    }

    @Test func `an answer whose caller leaves was not cut by the service`() throws {
        let server = try server { _ in
            Response(
                status: .ok,
                body: .stream { writer in
                    while true { try Self.piece("more", to: writer) }
                })
        }
        do {
            let client = try server.connect()
            client.send(RawRequest().bytes)
            _ = client.readRecord()
        }
        let record = try onlyOne()
        #expect(record.outcome == "callerGone" && record.isCut)
    }

    @Test func `a caller that leaves before there is an answer has none that was cut`() throws {
        let server = try server { _ in throw ClientGone() }
        #expect(try !server.connect().exchange(RawRequest()).isComplete)
        let record = try onlyOne()
        #expect(record.outcome == "callerGone" && !record.isCut && record.status == nil)
    }

    @Test func `a request that is refused before anyone answers it has a record, too`() throws {
        let server = try server { _ in .text("hello") }
        #expect(try server.connect().exchange(RawRequest("GET", "no path")).status == 400)
        let record = try onlyOne()
        #expect(record.status == 400 && record.problemCode == "malformed_request")
    }
}

/// What an observer was told.
private final class TestObserver: RequestObserver {
    struct Ended {
        let id: String
        let method: HTTPRequest.Method
        let status: Int?
        let problemCode: String?
        let bytesFromCaller: Int64
        let bytesToCaller: Int64
        let outcome: String
        let isCut: Bool
        let isInOrder: Bool
    }

    private let records = Mutex<[Ended]>([])
    private let waitingAt = Mutex<Gate?>(nil)

    var ended: [Ended] { records.withLock { $0 } }

    /// Where it waits before it goes on.
    var gate: Gate? {
        get { waitingAt.withLock { $0 } }
        set { waitingAt.withLock { $0 = newValue } }
    }

    func requestEnded(_ record: RequestRecord) {
        gate?.pass()
        let times = [record.begun, record.firstByte, record.ended]
        let ended = Ended(
            id: record.id, method: record.method, status: record.status?.code,
            problemCode: record.problemCode?.rawValue, bytesFromCaller: record.bytesFromCaller,
            bytesToCaller: record.bytesToCaller, outcome: "\(record.outcome)",
            isCut: record.isCut,
            isInOrder: times.compactMap { $0 }.count == 3
                && times.compactMap { $0 } == times.compactMap { $0 }.sorted())
        records.withLock { $0.append(ended) }
    }
}
