import HTTPClient
import HTTPTypes
import Logging
import TestSupport
import Testing
import Web

/// What the API notes in the record of a request.
struct RequestRecordTests {
    private let front: Front

    init() throws {
        front = try Front()
        try front.house.addDrive()
        try front.house.connect()
    }

    private static let path = "/api/integrations/drive/request"

    @Test func `a call by its path is noted with its caller, its API and its bytes`() throws {
        let answer = try front.ask(.post, Self.path + "/x", front.session(), json: #"{"a": 1}"#)
        let record = answer.record
        #expect(record.route == "/api/integrations/{id}/request/{path*}")
        #expect(record.caller == .init(kind: "session", userID: "alice"))
        #expect(record.integration == "drive")
        #expect(record.attempts == 1)
        #expect(record.bytesToUpstream == 8)
        #expect(record.bytesFromUpstream == Int64(answer.body.utf8.count))
        #expect(!answer.body.isEmpty && record.upstreamTime > .zero)
        #expect(record.problemCode == nil && record.failure == nil)
    }

    @Test func `an integration that the path names by its id is noted by its slug`() throws {
        let id = try front.house.keeper.integrations.find(
            "drive", for: TestKeeper.user("alice")
        ).id
        for (target, isFound) in [("request/x", true), ("connection", true), ("nothing", false)] {
            let path = "/api/integrations/\(id)/\(target)"
            let record = try front.ask(.get, path, front.session()).record
            #expect(record.integration == (isFound ? "drive" : nil), "\(target)")
        }
    }

    @Test func `a body that is passed on as it comes is counted as it goes`() throws {
        let body = String(repeating: "1", count: 70_000)
        let record = try front.ask(.put, Self.path + "/x", front.session(), json: body).record
        #expect(record.bytesToUpstream == 70_000)
        #expect(front.house.network.sent().last?.body.count == 70_000)
    }

    @Test func `a call in JSON is noted with the bytes of its data`() throws {
        let call = #"{"url": "/x", "method": "POST", "data": "hello"}"#
        let answer = try front.ask(.post, Self.path, front.session(), json: call)
        #expect(answer.record.route == "/api/integrations/{id}/request")
        #expect(answer.record.bytesToUpstream == 5)
        #expect(answer.record.bytesFromUpstream == Int64(answer.body.utf8.count))
    }

    @Test(arguments: [true, false])
    func `attempts are noted, whether or not the last one was answered`(isAnswered: Bool) throws {
        front.house.network.answer("https://api.test") { _ in
            guard isAnswered else { throw HTTPClientError.connectionFailed("refused") }
            return FakeAnswer(503)
        }
        let answer = try front.ask(.get, Self.path + "/x", front.session())
        #expect(answer.status == (isAnswered ? 503 : 502))
        #expect(answer.record.attempts == front.house.network.sent(to: "https://api.test").count)
        #expect(answer.record.attempts > 1)
        #expect(answer.record.problemCode?.rawValue == (isAnswered ? nil : "upstream_unreachable"))
    }

    @Test func `a caller who may not do it is noted, and one without an identity is not`() throws {
        let target = "/grantkeeper/integrations"
        let refused = try front.ask(.post, target, front.session(), json: "{}").record
        #expect(refused.problemCode?.rawValue == "superuser_required")
        #expect(refused.caller == .init(kind: "session", userID: "alice"))
        let unknown = try front.ask(.post, target, json: "{}").record
        #expect(unknown.problemCode?.rawValue == "unauthenticated" && unknown.caller == nil)
        #expect(unknown.route == target && unknown.upstreamTime == .zero)
    }

    @Test func `a program that acts for a user is noted as that user, with a key`() throws {
        let fields = try front.key(isSuperuser: true) + [("On-Behalf-Of", "bob")]
        let record = try front.ask(.get, "/grantkeeper/session", fields).record
        #expect(record.caller == .init(kind: "apiKey", userID: "bob"))
    }

    @Test func `HEAD has the route of GET, and what is nowhere has none`() throws {
        let head = try front.ask(.head, "/grantkeeper/session", front.session()).record
        #expect(head.route == "/grantkeeper/session" && head.method == .head)
        #expect(try front.ask(.get, "/nowhere/drive", front.session()).record.route == nil)
    }

    @Test func `a caller who leaves while the API is waited for is gone`() throws {
        front.house.network.answer("https://api.test") { _ in throw HTTPClientError.abandoned }
        let record = try front.ask(.get, Self.path + "/x", front.session()).record
        guard case .callerGone = record.outcome else {
            Issue.record("\(record.outcome)")
            return
        }
        #expect(record.attempts == 1)
        #expect(front.log.lines.map(\.message) == ["the caller went away"])
    }

    @Test func `what fails here is logged as an error with its reason, what is refused is not`()
        throws
    {
        front.house.network.answer("https://api.test") { _ in
            throw HTTPClientError.malformedResponse("no status line")
        }
        #expect(try front.ask(.get, Self.path + "/x", front.session()).status == 502)
        #expect(try front.ask(.get, "/grantkeeper/session").status == 401)
        #expect(try front.ask(.get, "/grantkeeper/session", front.session()).status == 200)
        #expect(front.log.lines.map(\.message) == ["request failed", "request refused"])
        #expect(front.log.lines.map(\.level) == [.error, .debug])
        let failed = try #require(front.log.lines.first).metadata
        #expect(failed["request"] == "request-1" && failed["code"] == "upstream_malformed")
        #expect(failed["status"] == "502" && failed["error"]?.contains("no status line") == true)
    }
}
