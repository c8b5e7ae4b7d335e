import Encoding
import HTTPClient
import HTTPTypes
import Headers

/// A call that a front end wants to make through an integration.
///
/// A class, so that each step on its way has a reference and no copy.
package final class ProxyCall {
    /// The form in which the caller named the target.
    package enum Target {
        /// The JSON form's `url`, and its `params`.
        case url(String, parameters: Form)
        /// The path form's rest of the path with its query, as written, beginning with `/`; an
        /// empty path means the base itself.
        case path(String)
    }

    /// The origin of the fields in `headers`.
    package enum Headers {
        /// The JSON form's own fields.
        case written([(name: String, value: String)])
        /// The fields of the caller's request, of which a few are forwarded.
        case incoming(HeaderFields)
    }

    package let method: HTTPRequest.Method
    package let target: Target
    package let headers: Headers
    /// The body, read when it is certain that the call may be made: that takes as long as the
    /// caller does.
    package let body: () throws -> OutgoingBody
    /// The content type of a body that was encoded here.
    package let contentType: String?
    /// The descriptor that hangs up when the caller disconnects.
    package let watchedDescriptor: Int32?
    /// The marks of the services like this one that the request came through (``LoopMark``).
    package let marks: [String]
    /// Whether redirects are followed; `nil` leaves it to the integration.
    package let followsRedirects: Bool?
    /// The id of the request, for the log.
    package let id: String

    package init(
        method: HTTPRequest.Method, target: Target, headers: Headers,
        body: @autoclosure @escaping () throws -> OutgoingBody = .none,
        contentType: String? = nil, watchedDescriptor: Int32? = nil, marks: [String] = [],
        followsRedirects: Bool? = nil, id: String = ""
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.contentType = contentType
        self.watchedDescriptor = watchedDescriptor
        self.marks = marks
        self.followsRedirects = followsRedirects
        self.id = id
    }
}
