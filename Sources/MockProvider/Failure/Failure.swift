import HTTPTypes
import Headers

/// An order to spoil the next answers of an endpoint.
struct Failure: Equatable, Sendable {
    /// The endpoint: `authorize`, `token`, `revoke`, `introspect`, `metadata`, `userinfo`, `api` or
    /// `keyed`.
    let endpoint: String
    /// The `grant_type` of the token requests that fail; `nil` means all.
    let grantType: String?
    let mode: FailureMode
    /// Whether the request takes effect first: it is executed, and then its answer is lost.
    let isAfterEffect: Bool
    /// The number of answers that are still to be spoiled.
    var remaining: Int
}

/// The ways in which an answer can be spoiled.
enum FailureMode: Equatable, Sendable {
    /// This status, with a small JSON body and these header fields.
    case status(Int, headers: HeaderFields)
    /// An OAuth error (RFC 6749 §5.2) with this status: some providers send 200.
    case error(String, status: Int)
    /// A page of HTML.
    case html(status: Int)
    /// A JSON body of this many bytes.
    case huge(bytes: Int)
    /// Nothing for this many milliseconds, and then 504.
    case hang(milliseconds: Int)
    /// The real answer, this many milliseconds late.
    case delay(milliseconds: Int)
    /// The real answer, held until `POST /control/release`, or for this many milliseconds.
    case hold(milliseconds: Int)
    /// The real answer byte by byte, with this many milliseconds between two bytes.
    case drip(milliseconds: Int)
    /// The first half of the real answer's body, as if it were whole; streams as by ``cut``.
    case truncated
    /// The first half of the real answer's body, and then the connection is cut.
    case cut
    /// The real answer without a member.
    case without(member: String)
    /// The real answer with another value for a member.
    case with(member: String, value: String)
    /// The real answer as a form instead of JSON.
    case form
    /// The real answer compressed, although the client did not ask for it.
    case gzip
    /// The real answer with this text, one byte per character, in place of its last byte.
    case ending(String)

    /// Whether the mode changes the real answer, which must therefore be made first.
    var needsAnswer: Bool {
        switch self {
        case .status, .error, .html, .huge, .hang: false
        case .delay, .hold, .drip, .truncated, .cut, .without, .with, .form,
            .gzip, .ending:
            true
        }
    }
}
