import Web

/// `GET /grantkeeper/metrics`: for Prometheus; nginx keeps it local.
struct GetMetrics: Endpoint {
    private let metrics: Metrics

    init(_ metrics: Metrics) {
        self.metrics = metrics
    }

    func respond(to request: APIRequest) throws -> Response {
        .text(metrics.text, contentType: "text/plain; version=0.0.4; charset=utf-8")
    }
}
