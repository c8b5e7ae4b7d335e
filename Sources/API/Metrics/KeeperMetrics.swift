import Keeper
import Primitives

/// The domain's metrics: connections, refreshes, revocations.
struct KeeperMetrics {
    let statistics: StatisticsReader

    /// - Throws: `StorageError`.
    func families() throws -> [MetricFamily] {
        let now = try statistics.read()
        return [
            .labelled(
                "grantkeeper_connections", "Connections, by status.", .gauge, by: "status",
                now.connections.map { ($0.status.rawValue, $0.count) }),
            .gauge(
                "grantkeeper_connections_in_trouble",
                "Connections whose last refresh failed, and that are tried again.",
                now.connectionsInTrouble),
            .gauge(
                "grantkeeper_refused_clients",
                "Integrations whose client the provider refuses: only calls refresh tokens.",
                now.refusedClients),
            .labelled(
                "grantkeeper_events_total", "What happened in this process, by event.", .counter,
                by: "event",
                EventCounters.Event.allCases.map { ($0.rawValue, statistics.counters[$0]) }),
            .labelled(
                "grantkeeper_revocations",
                "Grants to be revoked: waiting for their provider, or held back until their "
                    + "owner's present connection ends.", .gauge, by: "state",
                [("waiting", now.waitingRevocations), ("held_back", now.heldBackRevocations)]),
            .gauge(
                "grantkeeper_oldest_revocation_timestamp_seconds",
                "When the first of the waiting ones was given up, since 1970; 0 without one.",
                Int(now.oldestRevocation?.seconds ?? 0)),
            .gauge(
                "grantkeeper_calls_in_flight",
                "Calls through connections, and connecting, that are under way in this process.",
                now.callsInFlight),
            .gauge(
                "grantkeeper_leader",
                "1 when this process refreshes, revokes and purges for all that share the database.",
                now.isLeading ? 1 : 0),
            .gauge(
                "grantkeeper_unstored_tokens",
                "Refreshed tokens that the database has not taken yet.", now.unstoredTokens),
        ]
    }
}
