import Connections
import HTTPClient
import HTTPTypes
import Headers
import Limits

/// A call on its way: its next request, its credential and its progress.
package struct CallUnderWay {
    var call: PreparedCall
    private(set) var body: CallBody
    private(set) var fresh: TokenRefresher.Fresh
    private let permit: CallPermit
    private(set) var progress = CallSender.Progress()
    /// Whether the credential was refreshed for it, which happens once.
    var isRefreshed = false

    private static let mostRedirects = 5

    init(
        call: PreparedCall, body: CallBody, fresh: TokenRefresher.Fresh, permit: CallPermit
    ) {
        self.call = call
        self.body = body
        self.fresh = fresh
        self.permit = permit
    }

    /// Whether another credential might change a rejection.
    var mayRefresh: Bool { !isRefreshed && call.isTrusted }

    /// Sends the call.
    ///
    /// - Throws: The errors of ``CallSender``;
    ///   ``ConnectionsError/redirectNotFollowed(code:detail:attempts:)``.
    mutating func send(by sender: CallSender) throws -> any HTTPExchange {
        do {
            return try sender.send(call, body, with: fresh.credential, permit, &progress)
        } catch ConnectionsError.upstream(.badURL, let attempts) where call.redirects > 0 {
            throw ConnectionsError.redirectNotFollowed(
                code: .redirectRefused,
                detail: "The API redirects to a URL that may not be called, such as one of http.",
                attempts: attempts)
        }
    }

    /// Takes a newer credential, and the call that is prepared for it, to the place of the old one.
    mutating func resetDeadline(with newer: TokenRefresher.Fresh, _ again: PreparedCall) {
        let redirects = call.redirects
        let last = call.lastRedirect
        call = again
        fresh = newer
        progress.resetDeadline()
        guard let last else { return }
        call.follow(last)
        call.redirects = redirects
    }

    /// Returns the redirect to follow; `nil` when the answer is for the caller.
    ///
    /// - Throws: ``ConnectionsError/redirectNotFollowed(code:detail:attempts:)``.
    func redirect(in head: ResponseHead) throws -> Redirect? {
        guard call.followsRedirects,
            let redirect = try Redirect(in: head, of: call, attempts: progress.attempts),
            redirect.dropsBody || body.isReplayable
        else { return nil }
        guard call.redirects < Self.mostRedirects else {
            throw ConnectionsError.redirectNotFollowed(
                code: .tooManyRedirects,
                detail: "The API redirects more than \(Self.mostRedirects) times in a row.",
                attempts: progress.attempts)
        }
        return redirect
    }

    mutating func follow(_ redirect: Redirect) {
        call.follow(redirect)
        if redirect.dropsBody { body = .none }
    }
}
