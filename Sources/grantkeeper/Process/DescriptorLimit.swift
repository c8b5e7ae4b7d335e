import Glibc

/// How many files and sockets the process may have open.
package struct DescriptorLimit {
    package let descriptors: Int
    /// A worker's connection from nginx, its connection to an API, and what libcurl's resolver
    /// takes meanwhile.
    private static let perWorker = 4
    /// Kept connections to APIs, the database's connections, nginx's idle connections, the rest.
    private static let shared = 512

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
        max(1, (descriptors - Self.shared) / Self.perWorker)
    }
}
