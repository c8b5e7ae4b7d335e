import HTTPTypes
import Locking

/// Counters for operators, in the text form that Prometheus reads.
package final class Metrics: Sendable {
    private let statuses = BargingLock<[Int: Int]>([:])
    private let gauges: @Sendable () -> [(name: String, help: String, value: Int)]

    /// - Parameter gauges: Further values of the process, read when asked for.
    package init(
        gauges: @escaping @Sendable () -> [(name: String, help: String, value: Int)] = { [] }
    ) {
        self.gauges = gauges
    }

    func count(status: HTTPResponse.Status) {
        statuses.withLock { $0[status.code, default: 0] += 1 }
    }

    var text: String {
        let counts = statuses.withLock { $0 }.sorted { $0.key < $1.key }
        var lines = [
            "# HELP grantkeeper_requests_total Requests answered, by status.",
            "# TYPE grantkeeper_requests_total counter",
        ]
        lines += counts.map { "grantkeeper_requests_total{status=\"\($0.key)\"} \($0.value)" }
        for gauge in gauges() {
            lines += [
                "# HELP \(gauge.name) \(gauge.help)", "# TYPE \(gauge.name) gauge",
                "\(gauge.name) \(gauge.value)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
