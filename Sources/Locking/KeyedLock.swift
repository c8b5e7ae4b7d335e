import Foundation
import Synchronization

/// A lock for each key, which exists only while a thread holds or awaits it.
package final class KeyedLock: Sendable {
    /// A lock, and the number of threads that hold or await it.
    private struct Entry {
        let lock = NSLock()
        var users = 0
    }

    private let entries = Mutex<[String: Entry]>([:])

    package init() {}

    /// Runs the closure while no other thread runs one for the same key.
    package func withLock<T>(_ key: String, _ body: () throws -> T) rethrows -> T {
        let lock = entries.withLock { entries in
            entries[key, default: Entry()].users += 1
            return entries[key, default: Entry()].lock
        }
        lock.lock()
        defer {
            lock.unlock()
            leave(key)
        }
        return try body()
    }

    /// Runs the closure, unless another thread runs one for the same key; `nil` then.
    package func withLockIfFree<T>(_ key: String, _ body: () throws -> T) rethrows -> T? {
        let lock = entries.withLock { entries -> NSLock? in
            guard entries[key] == nil else { return nil }
            let entry = Entry(users: 1)
            entries[key] = entry
            return entry.lock
        }
        guard let lock else { return nil }
        lock.lock()
        defer {
            lock.unlock()
            leave(key)
        }
        return try body()
    }

    private func leave(_ key: String) {
        entries.withLock { entries in
            entries[key]?.users -= 1
            if entries[key]?.users == 0 { entries[key] = nil }
        }
    }
}
