import Primitives

/// When tokens are refreshed: a little before their end, each connection's at its own moment, and
/// before a refresh token that nobody uses dies of age.
package struct RefreshTiming: Sendable {
    /// How long before its end an access token is refreshed at the latest, in seconds.
    package var margin: Int64
    /// How long a refresh token may lie unused, in seconds; 0 for as long as it likes, and then one
    /// that nobody uses ends when it ends.
    package var keepAlive: Int64
    /// What a token's last tenth is for at most: one that lives shorter than the margin would be
    /// refreshed with every call.
    private static let shareOfLifetime: Int64 = 10
    /// Seconds between two refreshes that only keep a refresh token alive.
    private static let shortestKeepAlive: Int64 = 3600

    package init(margin: Int64 = 60, keepAlive: Int64 = 7 * 86_400) {
        self.margin = margin
        self.keepAlive = keepAlive
    }

    /// Whether the connection's access token has ended, or soon will.
    ///
    /// - Parameter ahead: How many margins early to look; the background looks further than a
    ///   call does, so that calls find fresh tokens.
    package func isDue(_ connection: Connection, now: Timestamp, ahead: Int64 = 1) -> Bool {
        guard let end = connection.tokenExpiresAt else { return false }
        let lifetime = max(0, end - connection.refreshedAt)
        let margin = min(margin, lifetime / Self.shareOfLifetime)
        return end <= now + ahead * spread(margin, connection)
    }

    /// When a refresh token is to be used although nobody asks; `nil` for never.
    ///
    /// Providers let refresh tokens end so long after their last use (then using it helps), or
    /// say when they end. One whose end does not move is not used more often for that; an access
    /// token that refreshes itself moves its end, so that it is refreshed in time however short it lives.
    func keepAliveAt(_ grant: Grant, of id: String, now: Timestamp) -> Timestamp? {
        guard grant.hasRefreshToken, keepAlive > 0 else { return nil }
        let rest = grant.refreshTokenExpiresAt.map { ($0 - now) * 4 / 5 } ?? keepAlive
        let shortest = grant.refreshesItself ? 1 : Self.shortestKeepAlive
        let pause = max(shortest, min(keepAlive, rest))
        return now + (pause - Self.fraction(of: id, pause / 5))
    }

    /// Between the margin and half as much again: connections that were made at the same moment
    /// are not refreshed at the same moment. The same for every process.
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
