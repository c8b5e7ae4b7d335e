/// Everything that the provider remembers; in memory only, gone when it stops.
///
/// ``SimulatedProvider`` guards it with one lock. Nothing here waits or asks for the time: that is passed
/// in.
struct ProviderState {
    var settings: MockSettings
    /// What ``settings`` were when the provider started.
    let initialSettings: MockSettings

    var pending: [String: AwaitedConsent] = [:]
    var codes: [String: AuthorizationCode] = [:]
    var grants: [Int: IssuedGrant] = [:]
    var accessTokens: [String: AccessToken] = [:]
    var refreshTokens: [String: RefreshToken] = [:]
    var assertions = UsedAssertions()
    private var lastGrantID = 0
    private var issuedSinceSweep = 0

    /// What the next authorization requests will be answered with.
    var decisions: [Decision] = []
    var failures: [Failure] = []
    /// How often answers that are kept back were let go.
    var releases = 0
    var counters: [String: Int] = [:]
    var seen = SeenRequests()
    /// How often `/api/ratelimit` was asked, by the key in its query.
    var rateLimited: [String: Int] = [:]
    /// What came at `/api/uploads`, by the name in its path.
    var uploads: [String: Upload] = [:]
    /// The provider that is played at every host but our own.
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

    /// The access token, if it lives.
    func living(accessToken token: String, at now: Int64) -> AccessToken? {
        accessTokens[token].flatMap { $0.expiresAt > now ? $0 : nil }
    }

    /// Forgets what time has made useless, once in a while: a test may ask for millions of tokens.
    mutating func sweep(at now: Int64) {
        issuedSinceSweep += 1
        guard issuedSinceSweep >= 4_096 else { return }
        issuedSinceSweep = 0
        accessTokens = accessTokens.filter { $0.value.expiresAt > now }
        assertions.forget(before: Int(now / 1_000))
        pending = pending.filter { $0.value.expiresAt > now }
        // A used code is remembered for longer than it lives, or its replay would go unnoticed.
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
    /// How many are kept.
    static let limit = 1_000

    private(set) var all: [SeenRequest] = []
    private var count = 0

    mutating func append(_ make: (_ number: Int) -> SeenRequest) {
        count += 1
        all.append(make(count))
        if all.count >= 2 * Self.limit { all.removeFirst(all.count - Self.limit) }
    }
}
