import Encoding
import HTTPClient
import HTTPTypes
import Headers

/// An answer that a test defines.
package struct FakeAnswer: Sendable {
    package var status: Int
    package var headers: HeaderFields
    package var body: String
    /// The bytes in place of the body, where it is not text.
    package var bytes: [UInt8]?

    package init(_ status: Int = 200, headers: HeaderFields = [:], body: String = "") {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func json(_ value: JSONValue, status: Int = 200) -> FakeAnswer {
        FakeAnswer(
            status, headers: [.contentType: "application/json"],
            body: String(decoding: value.encoded(), as: UTF8.self))
    }

    /// Returns a provider's refusal (RFC 6749 §5.2).
    package static func refusal(_ code: String, status: Int = 400) -> FakeAnswer {
        .json(["error": .string(code)], status: status)
    }
}

/// The exchange of an answer that a test defines.
final class FakeExchange: HTTPExchange {
    let head: ResponseHead
    private let body: [UInt8]

    init(_ answer: FakeAnswer) {
        head = ResponseHead(
            status: HTTPResponse.Status(code: answer.status), headerFields: answer.headers)
        body = answer.bytes ?? [UInt8](answer.body.utf8)
    }

    func drain(
        to sink: (UnsafeRawBufferPointer) throws -> Void, beforeWaiting: () throws -> Void
    ) throws {
        try body.withUnsafeBytes { if !$0.isEmpty { try sink($0) } }
    }
}
