/// One metric with its samples, in the text form that Prometheus reads.
struct MetricFamily {
    enum Kind: String {
        case counter
        case gauge
    }

    let name: String
    let help: String
    let kind: Kind
    let samples: [(labels: [(name: String, value: String)], value: Int)]

    /// Returns a gauge of one sample without labels.
    static func gauge(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
        MetricFamily(name: name, help: help, kind: .gauge, samples: [([], value)])
    }

    /// Returns a family with a sample for each value of one label.
    static func labelled(
        _ name: String, _ help: String, _ kind: Kind, by label: String,
        _ samples: [(value: String, count: Int)]
    ) -> MetricFamily {
        MetricFamily(
            name: name, help: help, kind: kind,
            samples: samples.map { ([(label, $0.value)], $0.count) })
    }

    var text: String {
        let lines = samples.map { labels, value in
            let pairs = labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
            return "\(name)\(pairs.isEmpty ? "" : "{\(pairs)}") \(value)\n"
        }
        return "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n" + lines.joined()
    }
}
