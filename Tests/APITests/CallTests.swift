import Encoding
import HTTPTypes
import TestSupport
import Testing

/// Calls as they are asked for, in both forms.
struct CallTests {
    private let front: Front

    init() throws {
        front = try Front()
        try front.house.addDrive()
        try front.house.connect()
    }

    private static let path = "/api/integrations/drive/request"

    private var sent: [SentRequest] { front.house.network.sent(to: "https://api.test") }

    /// A call in the JSON form.
    private func call(_ members: String) throws -> Front.Answer {
        try front.ask(
            .post, Self.path, front.session(), json: #"{"url": "/x", \#(members)}"#)
    }

    @Test func `what was not forwarded is told, and what the API says of that is not`() throws {
        front.house.network.answer("https://api.test") { _ in
            FakeAnswer(headers: [.init("Grantkeeper-Dropped-Headers")!: "x-forged"])
        }
        let field = "Grantkeeper-Dropped-Headers"
        let told = try front.ask(.get, Self.path + "/x", [("X-Mine", "1")] + front.session())
        #expect(told.field(field) == "x-mine")
        #expect(try front.ask(.get, Self.path + "/x", front.session()).field(field) == nil)
        #expect(try call(#""headers": {"X-Mine": "1"}"#).field(field) == nil)
    }

    @Test(arguments: ["Grantkeeper-Forward-X-Mine"])
    func `fields of the path form are not passed over in the JSON form`(name: String) throws {
        let answer = try front.ask(
            .post, Self.path, [(name, "true")] + front.session(), json: #"{"url": "/x"}"#)
        #expect(answer.code == "invalid_header")
        #expect(sent.isEmpty)
    }
}
