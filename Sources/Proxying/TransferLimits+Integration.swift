import HTTPClient
import Integrations

extension TransferLimits {
    /// Returns these limits, with an API's own in their place.
    package func replaced(by timeouts: CallTimeouts) -> TransferLimits {
        var limits = self
        limits.connect = timeouts.connect.map { .seconds($0) } ?? connect
        limits.head = timeouts.head.map { .seconds($0) } ?? head
        limits.idle = timeouts.idle.map { .seconds($0) } ?? idle
        return limits
    }
}

extension ConnectionLimits {
    /// Returns the limits of the transport, with an API's own in their place.
    package init(_ connections: APIConnections) {
        self = .usual
        most = connections.max
        wait = connections.wait.map { .seconds($0) } ?? wait
        idleMost = connections.idleMax ?? idleMost
        idle = connections.idle.map { .seconds($0) } ?? idle
    }
}
