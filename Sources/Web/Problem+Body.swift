import Problems

extension Problem {
    /// Creates the problem for a body that could not be read.
    package init(body error: RequestBodyError) {
        self =
            switch error {
            case .incomplete:
                Problem(
                    .badRequest, .bodyIncomplete, "The body ended before its declared length.")
            case .tooLarge(let limit):
                Problem(
                    .contentTooLarge, .bodyTooLarge, "The body is longer than \(limit) bytes.")
            case .tooSlow(let rate):
                Problem(
                    .requestTimeout, .bodyTimeout,
                    "The request's body came more slowly than \(rate) bytes a second.")
            }
    }
}
