import Encoding
import HTTPClient
import HTTPTypes
import Headers
import OAuth

/// Answers for the network and remembers what was asked. Belongs to one test, on one thread.
final class FakeTransport: HTTPTransport, @unchecked Sendable {
    // @unchecked: guarded by nothing, since each test keeps its transport on its own thread.
    private(set) var requests: [OutgoingRequest] = []
    private let answer: (OutgoingRequest) throws -> FakeExchange

    init(_ answer: @escaping (OutgoingRequest) throws -> FakeExchange) {
        self.answer = answer
    }

    /// Always the same answer.
    convenience init(
        status: Int = 200, type: String? = "application/json", headers: HeaderFields = [:],
        _ body: String
    ) {
        self.init { _ in
            FakeExchange(status: status, type: type, headers: headers, body: [UInt8](body.utf8))
        }
    }

    convenience init(failing error: any Error) {
        self.init { _ in throw error }
    }

    func send(_ request: OutgoingRequest) throws -> any HTTPExchange {
        requests.append(request)
        return try answer(request)
    }

    /// The last request's body, as text.
    var sentBody: String {
        guard case .bytes(let bytes)? = requests.last?.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The last request's body, as a form.
    var sentForm: Form { Form(encoded: sentBody) ?? Form() }
}

final class FakeExchange: HTTPExchange {
    let head: ResponseHead
    let body: [UInt8]
    /// Thrown after the body's bytes, as when the connection breaks.
    let failure: (any Error)?
    private(set) var drainedBytes = 0

    init(
        status: Int = 200, type: String? = "application/json", headers: HeaderFields = [:],
        body: [UInt8], failure: (any Error)? = nil
    ) {
        var headers = headers
        headers[.contentType] = type
        head = ResponseHead(status: .init(code: status), headerFields: headers)
        self.body = body
        self.failure = failure
    }

    func drain(
        to sink: (UnsafeRawBufferPointer) throws -> Void, beforeWaiting: () throws -> Void
    ) throws {
        for start in stride(from: 0, to: body.count, by: 16_384) {
            let piece = body[start..<min(start + 16_384, body.count)]
            drainedBytes += piece.count
            try Array(piece).withUnsafeBytes { try sink($0) }
        }
        if let failure { throw failure }
    }
}

/// The error that a closure throws; `nil` when it throws none of ours.
func failure(of body: () throws -> Void) -> OAuthError? {
    do {
        try body()
        return nil
    } catch {
        return error as? OAuthError
    }
}
