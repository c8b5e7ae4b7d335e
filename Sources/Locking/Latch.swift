import Glibc

/// Something that happens once, and that threads wait for.
///
/// They wait on the monotonic clock. Dispatch's and Foundation's waits end at a time of the wall
/// clock: when that is set back by a day, they wait for a day (seen).
///
/// `@unchecked Sendable`: the mutex guards `isSet`.
package final class Latch: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var isSet = false

    package init() {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    package func set() {
        pthread_mutex_lock(mutex)
        isSet = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Waits until it has happened, at most for that time.
    ///
    /// - Returns: Whether it has happened.
    @discardableResult
    package func wait(for duration: Duration) -> Bool {
        var limit = MonotonicTime.now.after(duration).systemTime
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isSet {
            if pthread_cond_timedwait(condition, mutex, &limit) != 0 { break }
        }
        return isSet
    }
}
