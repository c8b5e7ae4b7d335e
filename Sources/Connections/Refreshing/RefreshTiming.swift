import Encoding
import Primitives

/// The times at which tokens are refreshed: a little before their end, each connection at its own
/// moment, and before an unused refresh token expires.
package struct RefreshTiming: Sendable {
    /// The time before its end at which an access token is refreshed at the latest.
    package var margin: Duration
    /// The time that a refresh token may lie unused; 0 for no limit, and then one that is not
    /// used expires at its own end.
    package var keepAlive: Duration
    /// The part of a token's lifetime, a tenth, that limits the margin: a token that lives shorter
    /// than the margin would be refreshed with every call.
    private static let shareOfLifetime: Int64 = 10
    /// Seconds between two refreshes that only keep a refresh token alive.
    private static let shortestKeepAlive: Int64 = 3600

    package init(
        margin: Duration = .seconds(60), keepAlive: Duration = .seconds(7 * 86_400)
    ) {
        self.margin = margin
        self.keepAlive = keepAlive
    }

    /// Whether the connection's access token has expired, or soon will.
    ///
    /// - Parameter ahead: The number of margins early to look; the background looks further than a
    ///   call does, so that calls find fresh tokens.
    package func isDue(_ connection: Connection, now: Timestamp, ahead: Int64 = 1) -> Bool {
        guard let end = connection.tokenExpiresAt else { return false }
        let lifetime = max(0, end - connection.refreshedAt)
        let margin = min(margin.inWholeSeconds, lifetime / Self.shareOfLifetime)
        return end <= now + ahead * spread(margin, connection)
    }

    /// Returns when a refresh token is to be used even if no call needs it; `nil` for never.
    ///
    /// With some providers refresh tokens expire so long after their last use (then using one
    /// helps); others state the end. Where a use does not move the end, the token is not used more
    /// often for it. An access token that refreshes itself moves its end, so that it is refreshed
    /// in time however short it lives.
    func keepAliveAt(_ issued: IssuedCredential, of id: String, now: Timestamp) -> Timestamp? {
        guard issued.hasRefreshToken, keepAlive > .zero else { return nil }
        let keepAlive = keepAlive.inWholeSeconds
        let rest = issued.refreshTokenExpiresAt.map { ($0 - now) * 4 / 5 } ?? keepAlive
        let shortest = issued.refreshesItself ? 1 : Self.shortestKeepAlive
        let pause = max(shortest, min(keepAlive, rest))
        return now + (pause - Self.fraction(of: id, pause / 5))
    }

    /// Returns a margin between the given one and half as much again, so that connections that were
    /// made at the same moment are not refreshed at the same moment. The same for every process.
    private func spread(_ margin: Int64, _ connection: Connection) -> Int64 {
        margin + Self.fraction(of: "\(connection.id) \(connection.generation)", margin / 2)
    }

    /// A number from 0 to a limit that follows from the text: FNV-1a.
    private static func fraction(of text: String, _ limit: Int64) -> Int64 {
        guard limit > 0 else { return 0 }
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return Int64(hash >> 33) % (limit + 1)
    }
}
