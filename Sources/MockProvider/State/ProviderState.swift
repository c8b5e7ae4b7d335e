/// The state of the provider, in memory only: it is lost when the process stops.
///
/// ``SimulatedProvider`` guards it with one lock. No method waits or reads a clock: the time is
/// passed in.
struct ProviderState {
    var settings: MockSettings
    /// The ``settings`` at the start of the provider.
    let initialSettings: MockSettings

    var pending: [String: AwaitedConsent] = [:]
    var codes: [String: AuthorizationCode] = [:]
    var grants: [Int: IssuedGrant] = [:]
    var accessTokens: [String: AccessToken] = [:]
    var refreshTokens: [String: RefreshToken] = [:]
    var assertions = UsedAssertions()
    private var lastGrantID = 0
    private var issuedSinceSweep = 0

    /// The decisions for the next authorization requests.
    var decisions: [Decision] = []
    var failures: [Failure] = []
    /// The number of orders to release held answers.
    var releases = 0
    var counters: [String: Int] = [:]
    var seen = SeenRequests()
    /// The number of requests to `/api/ratelimit`, by the key in the query.
    var rateLimited: [String: Int] = [:]
    /// The uploads to `/api/uploads`, by the name in the path.
    var uploads: [String: Upload] = [:]
    /// The provider that is simulated at every host but the mock provider's own.
    var disguise: Disguise?

    init(settings: MockSettings) {
        self.settings = settings
        initialSettings = settings
    }

    mutating func count(_ event: String) {
        counters[event, default: 0] += 1
    }

    mutating func makeGrant(clientID: String, user: String?, scope: [String]) -> Int {
        lastGrantID += 1
        grants[lastGrantID] = IssuedGrant(
            id: lastGrantID, clientID: clientID, user: user, scope: scope)
        return lastGrantID
    }

    /// Ends a grant: none of its tokens works any longer.
    mutating func end(grant id: Int) {
        guard let grant = grants.removeValue(forKey: id) else { return }
        for token in grant.refreshTokens { refreshTokens[token] = nil }
        accessTokens = accessTokens.filter { $0.value.grantID != id }
    }

    /// Returns the access token if it is valid.
    func living(accessToken token: String, at now: Int64) -> AccessToken? {
        accessTokens[token].flatMap { $0.expiresAt > now ? $0 : nil }
    }

    /// Removes expired entries, once in a while: a test may request millions of tokens.
    mutating func sweep(at now: Int64) {
        issuedSinceSweep += 1
        guard issuedSinceSweep >= 4_096 else { return }
        issuedSinceSweep = 0
        accessTokens = accessTokens.filter { $0.value.expiresAt > now }
        assertions.forget(before: Int(now / 1_000))
        pending = pending.filter { $0.value.expiresAt > now }
        // A used code is kept after its expiry, so that its replay is noticed.
        codes = codes.filter { $0.value.expiresAt + 600_000 > now }
        let alive = Set(accessTokens.values.map(\.grantID)).union(
            codes.values.compactMap(\.grantID))
        for grant in grants.values where grant.refreshTokens.isEmpty && !alive.contains(grant.id) {
            grants[grant.id] = nil
        }
    }
}

/// The last requests, oldest first.
struct SeenRequests {
    /// The number of requests that are kept.
    static let limit = 1_000

    private(set) var all: [SeenRequest] = []
    private var count = 0

    mutating func append(_ make: (_ number: Int) -> SeenRequest) {
        count += 1
        all.append(make(count))
        if all.count >= 2 * Self.limit { all.removeFirst(all.count - Self.limit) }
    }
}
