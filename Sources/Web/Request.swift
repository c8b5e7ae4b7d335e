import Encoding
import HTTPTypes
import Headers

/// One request as nginx handed it over.
package struct Request {
    /// The request's method, as sent.
    package var method: HTTPRequest.Method
    /// The path exactly as the client wrote it: percent-encoded, not normalized. Routing and
    /// proxying look at this view only, because nginx decodes and merges its own copy.
    package var path: String
    /// The text after the first `?`, exactly as written; `nil` when there is no `?`.
    package var query: String?
    /// The client's header fields. Never a source of identity (SECURITY 45).
    package var headers: HeaderFields
    /// The FastCGI parameters that nginx vouches for (`GRANTKEEPER_USER`, `REMOTE_ADDR`, …). No
    /// client can set them, unlike the `HTTP_*` ones, which are in `headers`.
    package var parameters: [String: String]
    /// The request's body, read as it comes.
    package var body: any RequestBody
    /// The client's side of the connection, to notice that it went away.
    package var client: any ClientConnection
    /// The record of the request, for its observers.
    package let record: RequestRecord

    package init(
        method: HTTPRequest.Method = .get,
        target: String,
        headers: HeaderFields = [:],
        parameters: [String: String] = [:],
        body: any RequestBody = BytesBody([]),
        client: any ClientConnection = AttachedClient(),
        record: RequestRecord? = nil
    ) {
        self.method = method
        if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(target[..<mark])
            query = String(target[target.utf8.index(after: mark)...])
        } else {
            path = target
            query = nil
        }
        self.headers = headers
        self.parameters = parameters
        self.body = body
        self.client = client
        self.record = record ?? RequestRecord(id: "-", method: method)
    }
}

/// The client's side of a request.
package protocol ClientConnection: AnyObject {
    /// True once the client (or nginx for it) has closed its end.
    var isGone: Bool { get }
    /// The socket to watch while waiting for something else: it hangs up when the client leaves.
    /// Never read from it or write to it. `nil` when there is none.
    var descriptor: Int32? { get }
}

/// A client that stays: for requests that did not come from a socket.
package final class AttachedClient: ClientConnection {
    package init() {}
    package var isGone: Bool { false }
    package var descriptor: Int32? { nil }
}

extension Request {
    /// Names this request in the log and in error answers.
    package var id: String { record.id }

    /// The path with its query, as the client wrote them.
    package var target: String {
        path + (query.map { "?\($0)" } ?? "")
    }

    /// The query's names and values; empty without a query, `nil` when it is malformed.
    package var queryForm: Form? {
        Form(encoded: query ?? "")
    }
}
