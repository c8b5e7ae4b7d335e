import Web

/// `GET /grantkeeper/metrics`: for Prometheus; nginx keeps it local.
struct GetMetrics: Endpoint {
    private let metrics: Metrics
    private let keeperMetrics: KeeperMetrics

    init(_ metrics: Metrics, _ keeperMetrics: KeeperMetrics) {
        self.metrics = metrics
        self.keeperMetrics = keeperMetrics
    }

    func respond(to request: APIRequest) throws -> Response {
        let families = try metrics.families + keeperMetrics.families()
        return .text(
            families.map(\.text).joined(), contentType: "text/plain; version=0.0.4; charset=utf-8")
    }
}
