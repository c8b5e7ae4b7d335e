/// All settings: the only list of them, for reading, `grantkeeper init` and the article on
/// configuration.
package enum Settings {
    static let publicBaseURL = Setting(
        "publicBaseUrl", .origin, required: true, example: "https://grants.example.com",
        """
        The origin that browsers reach the service under, without a path. Redirect URIs are made \
        of it and of nothing else. http only for local trials.
        """)
    static let database = Setting(
        "database", .path, standard: "grantkeeper.sqlite", "The SQLite database's file.")
    static let keyRing = Setting(
        "keyRing", .path, standard: "grantkeeper.keyring",
        """
        The keys that seal tokens and secrets, mode 0600. When this is not set and systemd passes \
        a credential named grantkeeper-keyring, that one is used.
        """)

    static let providers = Setting(
        "providers", .path, example: "/etc/grantkeeper/providers",
        """
        A folder with your own entries of the catalogue, a YAML file each, which replace built-in \
        entries of the same name.
        """)

    static let socketPath = Setting(
        "socket.path", .path, standard: "grantkeeper.sock",
        "The Unix socket that nginx connects to, unless systemd passes one.")
    static let socketMode = Setting(
        "socket.mode", .fileMode, standard: "0660", "The socket's permissions.")
    static let socketGroup = Setting(
        "socket.group", .name, example: "www-data",
        "The socket's group: the one that nginx runs as. Not set, it stays the service's own.")

    static let workersMin = Setting(
        "workers.min", .integer(1...100_000), standard: "4", "Threads that always stand ready.")
    static let workersMax = Setting(
        "workers.max", .integer(1...100_000), standard: "1024",
        "Threads at most, and so requests at once, those waiting for a provider included.")
    static let workersIntegrationShare = Setting(
        "workers.integrationShare", .integer(1...100), standard: "50",
        """
        How many of the workers that others leave calls through one integration may hold, in \
        percent: a provider that hangs holds up its own calls only. Beyond that they are refused \
        with 503.
        """)
    static let workersUserShare = Setting(
        "workers.userShare", .integer(1...100), standard: "50",
        """
        How many of an integration's workers, of those that its other users leave, one user's calls \
        may hold, in percent: no user can use an integration up. Beyond that they are refused with \
        503.
        """)
    static let workersStackSize = Setting(
        "workers.stackSize", .size(128 << 10...64 << 20), standard: "256KiB",
        "The stack of each thread.")

    static let sessionsIdle = Setting(
        "sessions.idle", .duration(.seconds(60)...days(365)), standard: "8h",
        "A session ends when it was not used for so long.")
    static let sessionsLifetime = Setting(
        "sessions.lifetime", .duration(.seconds(60)...days(365)), standard: "7d",
        "A session ends so long after its beginning, used or not.")
    static let sessionsTicket = Setting(
        "sessions.ticket", .duration(.seconds(5)...days(1)), standard: "1m",
        "A start URL, which signs a browser in once, is valid for so long.")

    static let authorizationStateLifetime = Setting(
        "authorization.stateLifetime", .duration(.seconds(60)...days(1)), standard: "10m",
        "How long a user may take at the provider before the flow is forgotten.")

    static let allowedOrigins = Setting(
        "allowedOrigins",
        .list("a list of origins, such as [https://app.example.com]", of: .origin),
        standard: "[]",
        """
        Front ends on other origins of the same site, such as https://app.example.com beside \
        https://grants.example.com: they may call with the session cookie and be returned to. A page \
        of another site can only be returned to: browsers keep the cookie (SameSite=Lax) back from \
        its calls. Exact origins, no wildcard.
        """)
    static let trustedUser = Setting(
        "trustedUser", .flag, standard: "false",
        """
        Take the user from the FastCGI parameter GRANTKEEPER_USER, which your nginx has to set \
        itself after it authenticated the request.
        """)

    static let upstreamAllowHTTP = Setting(
        "upstream.allowHttp", .flag, standard: "false",
        "Allow providers and APIs on plain http: for trials only, tokens travel readable.")
    static let upstreamAllowedNetworks = Setting(
        "upstream.allowedNetworks",
        .list("a list of networks or addresses, such as [10.20.0.0/16, fd00::/8]", of: .network),
        standard: "[]",
        """
        Networks that providers and APIs may lie in although they are loopback, private or \
        otherwise special. Everything else of that kind is refused.
        """)
    static let upstreamCAFile = Setting(
        "upstream.caFile", .path, example: "/etc/grantkeeper/authorities.pem",
        "Certificate authorities to trust beside the system's.")
    static let upstreamConnectTimeout = Setting(
        "upstream.connectTimeout", .duration(.seconds(1)...minutes(10)), standard: "10s",
        "Until a connection to a provider or an API stands, TLS included.")
    static let upstreamHeadTimeout = Setting(
        "upstream.headTimeout", .duration(.seconds(1)...minutes(60)), standard: "25s",
        "Until the head of its answer has come, however often it is asked. Keep nginx's own time-outs "
            + "above it.")
    static let upstreamIdleTimeout = Setting(
        "upstream.idleTimeout", .duration(.seconds(1)...minutes(60)), standard: "60s",
        "Between two pieces of its answer.")

    static let limitsJSONBody = Setting(
        "limits.jsonBody", .size(1 << 10...64 << 20), standard: "1MiB",
        "The largest JSON body that an endpoint reads.")
    static let limitsBody = Setting(
        "limits.body", .size(1 << 10...1 << 44), example: "1GiB",
        "The largest body that is passed on to an API. Not set, there is no limit: they stream.")

    static let limitsClientRate = Setting(
        "limits.clientRate", .size(0...1 << 20), standard: "500B",
        """
        How much a client has to send of a body, or to take of an answer, in a second on average, \
        where the service waits for it: slower ones are cut off, because each holds a worker. 0B \
        is no limit.
        """)

    static let refreshMargin = Setting(
        "refresh.margin", .duration(.seconds(0)...minutes(60)), standard: "60s",
        "Access tokens are refreshed so long before they expire, or up to half as much earlier.")
    static let refreshTimeout = Setting(
        "refresh.timeout", .duration(.seconds(1)...minutes(2)), standard: "15s",
        "How long a provider may take to refresh a token. Keep nginx's own time-outs above it.")
    static let refreshKeepAlive = Setting(
        "refresh.keepAlive", .duration(.seconds(0)...days(365)), standard: "7d",
        """
        Refresh tokens that no one uses are used so often, because many providers let them die of \
        age; an access token that refreshes itself, more often if it must. 0s is never.
        """)

    static let logLevel = Setting(
        "log.level",
        .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
        standard: "info", "The least important messages that are still logged.")
    static let logFormat = Setting(
        "log.format", .choice(["text", "json"]), standard: "text",
        "One line a message on standard error: text for people, json for programs.")

    /// In the order of the file that `grantkeeper init` writes.
    package static let all: [SettingDescription] = [
        publicBaseURL.about, database.about, keyRing.about, providers.about,
        socketPath.about, socketMode.about, socketGroup.about,
        workersMin.about, workersMax.about, workersIntegrationShare.about, workersUserShare.about,
        workersStackSize.about,
        sessionsIdle.about, sessionsLifetime.about, sessionsTicket.about,
        authorizationStateLifetime.about, allowedOrigins.about, trustedUser.about,
        upstreamAllowHTTP.about, upstreamAllowedNetworks.about, upstreamCAFile.about,
        upstreamConnectTimeout.about, upstreamHeadTimeout.about, upstreamIdleTimeout.about,
        limitsJSONBody.about, limitsBody.about, limitsClientRate.about,
        refreshMargin.about, refreshTimeout.about, refreshKeepAlive.about,
        logLevel.about, logFormat.about,
    ]

    private static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    private static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
