import Encoding
import HTTPClient
import HTTPTypes

/// A call that a front end wants to make through an integration.
package struct ProxyCall {
    /// How the caller named the target.
    package enum Target {
        /// The JSON form's `url`, and its `params`.
        case url(String, parameters: Form)
        /// The path form's rest of the path with its query, as written, beginning with `/`.
        case path(String)
    }

    /// Whose fields `headers` are.
    package enum Headers {
        /// The JSON form's own.
        case written([(name: String, value: String)])
        /// The caller's request's, of which a few go along.
        case incoming(HTTPFields)
    }

    package var method: HTTPRequest.Method
    package var target: Target
    package var headers: Headers
    package var body: OutgoingBody
    /// The content type of a body that was made here.
    package var contentType: String?
    /// Hangs up when the caller goes away.
    package var watchedDescriptor: Int32?

    package init(
        method: HTTPRequest.Method, target: Target, headers: Headers, body: OutgoingBody = .none,
        contentType: String? = nil, watchedDescriptor: Int32? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.contentType = contentType
        self.watchedDescriptor = watchedDescriptor
    }

    /// The methods that are proxied; not CONNECT and TRACE (SECURITY.md 33).
    package static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options,
    ]
}

/// An upstream's answer, its body still on its way.
package struct ProxiedAnswer {
    package let status: HTTPResponse.Status
    /// What may go to the caller, framing excluded.
    package let headers: HTTPFields
    /// The length that the upstream declared.
    package let contentLength: String?
    /// To be drained by whoever sends it on.
    package let exchange: any HTTPExchange
}
