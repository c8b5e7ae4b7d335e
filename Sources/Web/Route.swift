import HTTPTypes

/// One line of the routing table: a method, a path pattern, and a handler.
///
/// A class, so that a match carries a reference, whatever the handler is, and copies none of it.
package final class Route<Handler: Sendable>: Sendable {
    /// `nil` for any that no line before has for the path.
    package let method: HTTPRequest.Method?
    package let pattern: String
    package let handler: Handler

    /// - Parameter pattern: A path whose segments are literal, `{name}` (one segment, not empty)
    ///   or, at the end, `{name*}` (the rest of the path, slashes included, may be empty).
    package init(_ method: HTTPRequest.Method?, _ pattern: String, _ handler: Handler) {
        self.method = method
        self.pattern = pattern
        self.handler = handler
    }
}
