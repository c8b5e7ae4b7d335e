import Glibc

/// A time on the monotonic clock, which is never set, in nanoseconds.
package struct MonotonicTime: Comparable {
    private var nanoseconds: Int64

    package static var now: MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package static let never = MonotonicTime(nanoseconds: .max)

    /// Returns the time so much later; ``never`` when that is too far away to matter.
    package func after(_ duration: Duration) -> MonotonicTime {
        // `components` costs three times as much.
        let distance = max(duration, .zero).attoseconds / 1_000_000_000
        guard distance < 1_000_000_000_000_000_000 else { return .never }
        return MonotonicTime(nanoseconds: nanoseconds + Int64(distance))
    }

    var systemTime: timespec {
        timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }

    /// Returns whole milliseconds from `now` to this time, rounded up; 0 when it has passed.
    package func milliseconds(from now: MonotonicTime) -> Int64 {
        self <= now ? 0 : (nanoseconds - now.nanoseconds - 1) / 1_000_000 + 1
    }

    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
