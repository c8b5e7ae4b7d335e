/// A type that answers requests; the server's only way to its application.
package protocol Responder: Sendable {
    /// Answers one request, on the worker's own thread.
    ///
    /// - Throws: Anything; the server logs it and answers 500.
    func respond(to request: Request) throws -> Response
}

/// A responder made of a closure.
package struct ClosureResponder: Responder {
    private let body: @Sendable (Request) throws -> Response

    package init(_ body: @escaping @Sendable (Request) throws -> Response) {
        self.body = body
    }

    package func respond(to request: Request) throws -> Response {
        try body(request)
    }
}
