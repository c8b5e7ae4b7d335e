import Locking
import Web

/// The metrics of the process itself, for operators.
package final class Metrics: RequestObserver {
    private let statuses = BargingLock<[Int: Int]>([:])
    private let gauges: @Sendable () -> [(name: String, help: String, value: Int)]

    /// - Parameter gauges: Further values of the process, read when asked for.
    package init(
        gauges: @escaping @Sendable () -> [(name: String, help: String, value: Int)] = { [] }
    ) {
        self.gauges = gauges
    }

    package func requestEnded(_ record: RequestRecord) {
        guard let status = record.status else { return }
        statuses.withLock { $0[status.code, default: 0] += 1 }
    }

    var families: [MetricFamily] {
        let counts = statuses.withLock { $0 }.sorted { $0.key < $1.key }
        let requests = MetricFamily.labelled(
            "grantkeeper_requests_total", "Requests answered, by status.", .counter, by: "status",
            counts.map { ("\($0.key)", $0.value) })
        return [build, requests]
            + gauges().map { MetricFamily.gauge($0.name, $0.help, $0.value) }
    }

    private var build: MetricFamily {
        MetricFamily.labelled(
            "grantkeeper_build_info", "The running version.", .gauge, by: "version",
            [(Version.current, 1)])
    }
}
