#if canImport(Glibc)
    import Glibc
#endif

/// Where the time comes from.
package struct Clock: Sendable {
    private let read: @Sendable () -> Timestamp

    package init(_ read: @escaping @Sendable () -> Timestamp) {
        self.read = read
    }

    package var now: Timestamp { read() }

    /// The system's clock.
    package static let system = Clock { Timestamp(seconds: Int64(time(nil))) }
}
