import Glibc

/// The number of files and sockets that the process may have open.
package struct DescriptorLimit {
    package let descriptors: Int
    /// A worker's connection from nginx, its connection to an API, two that wake libcurl, and two
    /// that its resolver takes meanwhile.
    private static let perWorker = 6
    /// Kept connections to APIs (three for each), the database's, nginx's idle ones, the rest; a
    /// quarter where there are few.
    private static let shared = 1_100

    package init(descriptors: Int) {
        self.descriptors = descriptors
    }

    /// Raises the limit as far as this process may.
    package static func raised() -> DescriptorLimit {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return DescriptorLimit(descriptors: 1024) }
        limit.rlim_cur = limit.rlim_max
        if setrlimit(resource, &limit) != 0 { getrlimit(resource, &limit) }
        return DescriptorLimit(descriptors: Int(clamping: limit.rlim_cur))
    }

    /// The most workers that can all be busy without running out.
    package var mostWorkers: Int {
        max(1, (descriptors - min(Self.shared, descriptors / 4)) / Self.perWorker)
    }
}
