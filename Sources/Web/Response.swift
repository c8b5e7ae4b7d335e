import Encoding
import HTTPTypes
import Headers

/// The answer to one request.
package struct Response {
    package var status: HTTPResponse.Status
    package var headers: HeaderFields
    package var body: ResponseBody
    /// Whether nginx may gather a streamed body before it passes it on.
    package var isBuffered = true

    package init(
        status: HTTPResponse.Status, headers: HeaderFields = [:], body: ResponseBody = .empty
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The part of an answer that follows its head.
package enum ResponseBody {
    /// Nothing.
    case empty
    /// Bytes that are in memory; their count becomes `Content-Length`.
    case bytes([UInt8])
    /// Bytes that are produced while they are sent, after the head has gone out. If the closure
    /// throws, the connection is cut, so that the client sees a broken answer and not a short one.
    case stream((any ResponseWriter) throws -> Void)
}

/// The destination of a streamed answer.
package protocol ResponseWriter: AnyObject {
    /// Takes the bytes; waits while the client is slow.
    ///
    /// - Throws: ``ClientGone`` when the client has gone.
    func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Sends the bytes written so far, for example before waiting for more.
    ///
    /// - Throws: ``ClientGone`` when the client has gone.
    func flush() throws
}

/// The client closed its connection before the answer was complete.
package struct ClientGone: Error {
    package init() {}
}

extension Response {
    /// Returns an answer of text in memory.
    package static func text(
        _ text: String, status: HTTPResponse.Status = .ok,
        contentType: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: contentType], body: .bytes([UInt8](text.utf8)))
    }

    /// Returns a JSON answer.
    package static func json(
        _ value: JSONValue, status: HTTPResponse.Status = .ok,
        contentType: String = "application/json"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: contentType], body: .bytes(value.encoded()))
    }

    /// Returns a redirect, by default with status 302.
    package static func redirect(
        to location: String, status: HTTPResponse.Status = .found
    ) -> Response {
        Response(status: status, headers: [.location: location])
    }

    /// 204.
    package static var noContent: Response { Response(status: .noContent) }

    /// Returns an answer of JSON that is encoded already.
    package static func json(encoded bytes: [UInt8]) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"], body: .bytes(bytes))
    }
}
