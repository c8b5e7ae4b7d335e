import Encoding
import HTTPClient
import HTTPTypes
import Headers
import Synchronization

/// A request that reached the network of a test.
package struct SentRequest: Sendable {
    package let method: HTTPRequest.Method
    package let url: String
    package let headers: HeaderFields
    package let body: [UInt8]
    package let connection: ConnectionUse

    /// The body, parsed as a form.
    package var form: Form { Form(encoded: String(decoding: body, as: UTF8.self)) ?? Form() }
    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// The network of a test: a provider that issues numbered tokens, and an API that answers 200. A
/// test can set other answers for a URL, and read the requests that were sent.
package final class FakeNetwork: HTTPTransport {
    package typealias Answering = @Sendable (SentRequest) throws -> FakeAnswer

    private struct State {
        var sent: [SentRequest] = []
        var answers: [(prefix: String, answer: Answering)] = []
        var issued = 0
        var lifetime: Int? = 3600
        var rotates = true
    }

    private let state = Mutex(State())

    package init() {}

    /// Returns the requests that were sent to URLs with this prefix.
    package func sent(to prefix: String = "") -> [SentRequest] {
        state.withLock { $0.sent.filter { $0.url.hasPrefix(prefix) } }
    }

    /// Lets the closure answer URLs with this prefix, from now on.
    package func answer(_ prefix: String, _ answer: @escaping Answering) {
        state.withLock { $0.answers.insert((prefix, answer), at: 0) }
    }

    /// Sets the tokens that the provider issues from now on.
    ///
    /// - Parameters:
    ///   - lifetime: The seconds that an access token is valid; `nil` leaves `expires_in` out.
    ///   - rotates: Whether a refresh yields a new refresh token.
    package func issueTokens(lifetime: Int?, rotates: Bool = true) {
        state.withLock {
            $0.lifetime = lifetime
            $0.rotates = rotates
        }
    }

    package func send(_ request: OutgoingRequest) throws -> any HTTPExchange {
        let sent = SentRequest(
            method: request.method, url: request.url.description, headers: request.headers,
            body: try Self.bytes(of: request.body), connection: request.connection)
        let answering = state.withLock { state in
            state.sent.append(sent)
            return state.answers.first { sent.url.hasPrefix($0.prefix) }?.answer
        }
        return FakeExchange(try answering?(sent) ?? usualAnswer(sent))
    }

    /// Returns the answer to a request unless a test sets another one.
    package func usualAnswer(_ request: SentRequest) -> FakeAnswer {
        request.url.hasSuffix("/token") ? tokens(for: request) : .json(["ok": true])
    }

    private func tokens(for request: SentRequest) -> FakeAnswer {
        let grantType =
            request.form["grant_type"]
            ?? (try? JSONValue(parsing: request.text))?["grant_type"]?.stringValue
        return state.withLock { state in
            state.issued += 1
            var members: [(String, JSONValue)] = [
                ("access_token", .string("access-\(state.issued)")), ("token_type", "Bearer"),
            ]
            if let lifetime = state.lifetime { members.append(("expires_in", .integer(lifetime))) }
            if grantType == "authorization_code" || (grantType == "refresh_token" && state.rotates)
            {
                members.append(("refresh_token", .string("refresh-\(state.issued)")))
            }
            return .json(.object(members))
        }
    }

    private static func bytes(of body: OutgoingBody) throws -> [UInt8] {
        switch body {
        case .none: return []
        case .bytes(let bytes): return bytes
        case .stream(_, _, let read):
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try read($0) }
                if count == 0 { return bytes }
                bytes += buffer[..<count]
            }
        }
    }
}
