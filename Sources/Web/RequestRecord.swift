import HTTPTypes
import Problems

/// The record of a request: its content, its caller, its result, and its times.
///
/// The server begins it when the request's head was read, each layer on the way adds what it knows,
/// and observers read it at the end of the exchange. It belongs to the worker that answers the
/// request, as everything else of the request does.
package final class RequestRecord {
    /// The caller, once the identity was checked.
    package struct Caller: Equatable {
        /// The kind of identity: a session, an API key, or the host.
        package let kind: String
        package let userID: String

        package init(kind: String, userID: String) {
            self.kind = kind
            self.userID = userID
        }
    }

    /// The fate of the answer.
    package enum Outcome {
        /// It went out whole.
        case answered
        /// This service broke it off.
        case cut(any Error)
        /// The caller went away before its end.
        case callerGone
    }

    /// Names the request in the log and in error answers.
    package let id: String
    package let method: HTTPRequest.Method
    /// The template of the matched route, such as `/api/integrations/{id}/connect`.
    package var route: String?
    package var caller: Caller?
    /// The slug of the integration; its id where the path has that and no slug was found for it.
    package var integration: String?

    /// `nil` when nothing was answered.
    package var status: HTTPResponse.Status?
    /// The stable code of an error answer of ours.
    package var problemCode: ProblemCode?
    /// The error behind it, for operators only.
    package var failure: (any Error)?
    package private(set) var outcome = Outcome.answered

    /// The number of times that a call was sent to its API.
    package var attempts = 0
    /// Bytes of the body that were read from the caller.
    package var bytesFromCaller: Int64 = 0
    /// Bytes of the answer's body that were handed over to nginx.
    package var bytesToCaller: Int64 = 0
    /// Bytes of a call's body, counted once however often it was sent; 0 attempts sent none of them.
    package var bytesToUpstream: Int64 = 0
    /// Bytes of the body of an API's answer.
    package var bytesFromUpstream: Int64 = 0

    /// The time at which the request's head was read.
    package let begun = ContinuousClock.now
    /// The time at which the answer's head was written; `nil` when nothing was answered.
    package var firstByte: ContinuousClock.Instant?
    /// The time at which the answer's last byte was handed over to nginx, or at which it was clear
    /// that it never would be.
    package private(set) var ended: ContinuousClock.Instant?
    /// Time spent at APIs and providers until they had answered, with all attempts and the pauses
    /// between them. An API's body comes after that, while the answer goes out.
    package private(set) var upstreamTime = Duration.zero

    package init(id: String, method: HTTPRequest.Method) {
        self.id = id
        self.method = method
    }

    /// Whether an answer was begun that the caller did not get whole.
    package var isCut: Bool {
        if case .answered = outcome { false } else { firstByte != nil }
    }

    /// Runs a call to an API or a provider, and adds the time that it takes to ``upstreamTime``.
    package func timingUpstream<Result>(_ ask: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer { upstreamTime += ContinuousClock.now - start }
        return try ask()
    }

    /// Notes that the answer does not go out whole. The first reason stays.
    package func breakOff(_ reason: Outcome) {
        if case .answered = outcome { outcome = reason }
    }

    /// Notes the end of the exchange.
    package func end() {
        ended = .now
    }
}
