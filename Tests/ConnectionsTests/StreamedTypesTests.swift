import Encoding
import HTTPTypes
import Integrations
import Primitives
import Proxying
import TestSupport
import Testing

struct StreamedTypesTests {
    private func isStreamed(_ contentType: String?, named: JSONValue = []) throws -> Bool {
        let house = try TestKeeper()
        try house.addDrive([("streamedTypes", named)])
        try house.connect()
        house.network.answer("https://api.test") { _ in
            FakeAnswer(headers: contentType.map { [.contentType: $0] } ?? [:])
        }
        let call = ProxyCall(method: .get, target: .path("/x"), headers: .written([]))
        return try house.keeper.relay(call, through: "drive", by: TestKeeper.user("alice"))
            .isStreamed
    }

    @Test(
        arguments: [
            ("text/event-stream", true), ("Text/Event-Stream; charset=utf-8", true),
            ("text/event-stream ;x=y", true), ("text/event-streams", false), ("text/event", false),
            ("application/json", false), ("application/json; x=text/event-stream", false),
            ("", false), (nil, false), ("application/x-ndjson", false),
        ] as [(String?, Bool)])
    func `events are passed on as they come`(contentType: String?, isStreamed: Bool) throws {
        #expect(try self.isStreamed(contentType) == isStreamed)
    }

    @Test func `so is what an integration names`() throws {
        let named: JSONValue = ["application/X-NDJSON"]
        #expect(try isStreamed("application/x-ndjson; charset=utf-8", named: named))
        #expect(try isStreamed("text/event-stream", named: named))
        #expect(try !isStreamed("application/json", named: named))
    }

    @Test(
        arguments: [
            ["ndjson"], ["application/*;q=1"], ["application/x-ndjson; charset=utf-8"], [""],
            ["/x"],
            [" a/b"], ["a/b,c/d"], [1], "a/b",
        ] as [JSONValue])
    func `what is no type is refused by its name`(types: JSONValue) throws {
        let error = #expect(throws: InputError.self) {
            try IntegrationDefinition.read([
                "slug": "api", "authType": "apikey", "apiBaseUri": "https://api.test",
                "streamedTypes": types,
            ])
        }
        guard case .invalid(_, let detail) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(detail.contains("'streamedTypes' must be a list of t"))
    }
}
