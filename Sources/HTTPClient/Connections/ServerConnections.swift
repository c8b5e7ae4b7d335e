import Addressing
import Locking

/// The connections to one origin: those in use, those that are idle, and the requests that wait for
/// their turn.
///
/// A server with few workers may give one to each connection for as long as that stands, and lets
/// further ones wait unanswered, or refuses them when its queue is full. So no more than a few are
/// opened ahead of its answers while these come; a connection that comes free goes to a request that
/// waits; and when a new one stays unanswered, none is kept idle.
///
/// `@unchecked Sendable`: the pool's lock guards it.
final class ServerConnections: @unchecked Sendable {
    /// The most connections to open before the server has answered on them, unless it holds more.
    private static let mostUnproven = 4
    /// The time for which an idle connection stays beyond those that are kept.
    private static let moment = Duration.seconds(2)

    let origin: Origin
    /// The longest idle first.
    private(set) var parked: [ParkedConnection] = []
    private var inUse = 0
    /// The connections in use that the server has not answered on.
    private var unproven = 0
    /// The unproven connections that have waited long for an answer.
    private var silent = 0
    private var waiting: [ConnectionTurn] = []
    /// The last time that a connection came free, or was answered, while requests waited.
    private(set) var movedAt = MonotonicTime.now

    init(origin: Origin) {
        self.origin = origin
    }

    var isUnused: Bool { inUse == 0 && parked.isEmpty && waiting.isEmpty }

    /// Takes the idle connection of that credential that was used last.
    func take(_ credential: String) -> ParkedConnection? {
        guard let index = parked.lastIndex(where: { $0.credential == credential }) else {
            return nil
        }
        inUse += 1
        return parked.remove(at: index)
    }

    /// Counts in a connection to open, unless it has to wait. An idle connection of another
    /// credential makes room for it.
    ///
    /// - Returns: The connections to close for it; `nil` when it has to wait.
    func open(_ limits: ConnectionLimits) -> [ParkedConnection]? {
        if mayOpen(limits.most, closing: 0) {
            openAnyway()
            return []
        }
        // Others may have left more than this request's limit lets stand.
        let surplus = limits.most.map { max(1, inUse + parked.count + 1 - $0) } ?? 1
        guard surplus <= parked.count, mayOpen(limits.most, closing: surplus) else { return nil }
        openAnyway()
        defer { parked.removeFirst(surplus) }
        return Array(parked.prefix(surplus))
    }

    /// Counts in a connection to open.
    func openAnyway() {
        inUse += 1
        unproven += 1
    }

    private func mayOpen(_ most: Int?, closing: Int) -> Bool {
        let open = inUse + parked.count - closing
        // An operator's limit replaces the rest of the rules.
        if let most { return open < most }
        return closing > 0 || unproven < max(Self.mostUnproven, open - unproven)
    }

    /// Notes that the server has answered on a connection that was opened.
    func proved(wasSilent: Bool) {
        unproven -= 1
        if wasSilent { silent -= 1 }
    }

    /// Notes that the server has not answered on a connection for long.
    ///
    /// - Returns: The idle connections to close, which may keep the server from answering.
    func isSilent() -> [ParkedConnection] {
        silent += 1
        defer { parked = [] }
        return parked
    }

    /// Counts out a connection that was in use.
    func leave() {
        inUse -= 1
    }

    /// Keeps a connection that was in use, and was counted out, unless a request waits for it.
    ///
    /// - Returns: The connections to close.
    func park(_ new: ParkedConnection, _ limits: ConnectionLimits) -> [ParkedConnection] {
        parked.append(new)
        let dropped = serveWaiting()
        guard silent == 0 else {
            defer { parked = [] }
            return dropped + parked
        }
        let surplus = parked.count - 1 - limits.idleMost
        if surplus >= 0 {
            parked[surplus].expiry = min(parked[surplus].expiry, new.since.after(Self.moment))
        }
        return dropped
    }

    /// Has a request wait for its turn.
    func append(_ turn: ConnectionTurn) {
        waiting.append(turn)
    }

    /// Ends a request's waiting.
    ///
    /// - Parameter orOpens: Whether it opens a connection when it was given nothing.
    func gift(of turn: ConnectionTurn, orOpens: Bool) -> ConnectionTurn.Gift? {
        if let gift = turn.gift { return gift }
        waiting.removeAll { $0 === turn }
        guard orOpens else { return nil }
        openAnyway()
        return .mayOpen
    }

    /// Gives the free connections to the waiting requests, in their order.
    ///
    /// - Returns: The connections to close for them.
    func serveWaiting() -> [ParkedConnection] {
        if waiting.isEmpty { return [] }
        movedAt = .now
        var dropped: [ParkedConnection] = []
        while let turn = waiting.first {
            if let parked = take(turn.credential) {
                turn.give(.connection(parked))
            } else if let closed = open(turn.limits) {
                dropped += closed
                turn.give(.mayOpen)
            } else {
                break
            }
            waiting.removeFirst()
        }
        return dropped
    }

    /// Takes out the connection that has been idle longest.
    func removeFirst() -> [ParkedConnection] {
        parked.isEmpty ? [] : [parked.removeFirst()]
    }

    /// Takes out those that have been idle too long.
    func removeExpired(at now: MonotonicTime) -> [ParkedConnection] {
        guard parked.contains(where: { $0.expiry <= now }) else { return [] }
        let old = parked.filter { $0.expiry <= now }
        parked.removeAll { $0.expiry <= now }
        return old
    }
}
