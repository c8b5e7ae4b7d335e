import Encoding
import Logging
import Synchronization

/// The work of a worker's thread.
extension Server {
    /// Takes one piece of work after the other, until there is no need for this worker any more.
    func work() {
        let patience = Int32(clamping: configuration.workerIdleTime.inMilliseconds)
        while true {
            pool.beginWaiting()
            let event = poller.wait(milliseconds: patience)
            if pool.endWaiting() { wakeSupervisor() }
            switch event {
            case .incoming: acceptIncoming()
            case .connection(let connection): serve(connection)
            case .timeout: if pool.retire() { return }
            case .end: return pool.leave()
            }
        }
    }

    /// Accepts the waiting connections, and watches for more.
    private func acceptIncoming() {
        if acceptPending() { poller.rearm(listener) } else { pauseAccepting() }
    }

    /// Accepts the connections that wait, and parks them.
    ///
    /// - Returns: `false` when the system can't give more of them now.
    @discardableResult
    func acceptPending() -> Bool {
        while true {
            switch listener.accept() {
            case .none: return true
            case .exhausted(let error):
                if !exhaustionLogged.exchange(true, ordering: .relaxed) {
                    logger.warning("\(error); trying again every 0.1 s")
                }
                return false
            case .connection(let descriptor):
                exhaustionLogged.store(false, ordering: .relaxed)
                let connection = Connection(descriptor: descriptor)
                registry.insert(connection)
                if !poller.add(connection) { registry.close(connection) }
            }
        }
    }

    /// Answers the request on a connection, or parks or closes the connection.
    private func serve(_ connection: Connection) {
        connection.phase.store(.readingHead, ordering: .relaxed)
        switch connection.peekHead(within: configuration.headTimeout) {
        case .request(let hasNUL):
            answer(connection, hasNUL)
        case .management(let header)
        where connection.answerManagement(header, within: configuration.headTimeout):
            park(connection)
        case .nothing:
            park(connection)
        case .malformed(let reason):
            logger.error("a malformed FastCGI request (\(reason)): connection closed")
            registry.close(connection)
        case .end, .management:
            // nginx closes kept connections that it has no use for.
            registry.close(connection)
        }
    }

    private func answer(_ connection: Connection, _ hasNUL: Bool) {
        guard connection.readHead() else {
            logger.error("a FastCGI request that libfcgi can't read: connection closed")
            return registry.forget(connection)
        }
        connection.phase.store(.answering, ordering: .relaxed)
        let outcome = exchange.run(connection, hasNUL: hasNUL) { isDraining }
        pool.countRequest()
        if outcome == .cut { connection.cut() }
        if outcome == .linger { connection.linger() }
        connection.freeRequest()
        if outcome == .keep { park(connection) } else { registry.close(connection) }
    }

    /// Lets the connection wait for its next request without a worker.
    private func park(_ connection: Connection) {
        connection.phase.store(.parked, ordering: .relaxed)
        if isDraining || !poller.rearm(connection) { registry.close(connection) }
    }
}
