import HTTPClient
import Integrations

extension TransferLimits {
    /// Returns these limits, with an API's own in their place.
    package func replaced(by timeouts: CallTimeouts) -> TransferLimits {
        var limits = self
        limits.connect = timeouts.connect ?? connect
        limits.head = timeouts.head ?? head
        limits.idle = timeouts.idle ?? idle
        return limits
    }
}

extension ConnectionLimits {
    /// Returns the limits of the transport, with an API's own in their place.
    package init(_ connections: APIConnections) {
        self.init()
        most = connections.max
        wait = connections.wait ?? wait
        idleMost = connections.idleMax ?? idleMost
        idle = connections.idle ?? idle
    }
}
