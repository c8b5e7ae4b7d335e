import OAuth
import Templates

/// Whether the value of a placeholder decides which host tokens and secrets go to.
extension IntegrationDefinition {
    /// Refuses values of users and callbacks that choose a host, unless the operator wants it so: a
    /// callback is as much the user's word.
    func validateHosts(_ reader: inout DefinitionReader) {
        for (field, name) in hostChoices(by: [.user, .callback]) {
            reader.require(
                false,
                "in '\(field)': {\(name)} would let the user choose the host that tokens and "
                    + "secrets go to. Give it a 'pattern' without '.', '/', ':' and the like, before "
                    + "a domain that is written out, or one that spells the domain out itself; or "
                    + "say 'choosesHost: true' if that is meant")
        }
    }

    /// The values by which their givers could choose a host, and where.
    ///
    /// - Parameter sources: Who is not trusted to name one.
    package func hostChoices(
        by sources: Set<ConnectionDatum.Source>
    ) -> [(field: String, name: String)] {
        hostFields.flatMap { field, url in
            hostChoices(in: url, by: sources).map { (field, $0) }
        }
    }

    private var hostFields: [(field: String, url: String)] {
        let fields = [
            ("authUri", authUri), ("tokenUri", tokenUri), ("refresh", refresh.uri),
            ("revocationUri", revocationUri), ("lookup", lookup?.uri), ("apiBaseUri", apiBaseUri),
        ]
        return fields.compactMap { field, url in url.map { (field, $0) } }
            + apiHosts.map { ("apiHosts", $0) }
    }

    private func hostChoices(
        in url: String, by sources: Set<ConnectionDatum.Source>
    ) -> [String] {
        let beginning = URLTemplate.beginning(of: url)
        let host = beginning.firstRange(of: "://").map { beginning[$0.upperBound...] }
        var free: [String] = []
        var given: [String] = []
        let parts = Template(String(host ?? beginning[...])).parts.map { part in
            switch part {
            case .text(let text): return HostPattern.text(String(text))
            case .name(let name):
                guard let pattern = hostPattern(String(name), sources) else {
                    return HostPattern.trusted
                }
                given.append(String(name))
                if !pattern.isBound { free.append(String(name)) }
                return pattern.tree
            }
        }
        guard free.isEmpty, !given.isEmpty else { return free }
        return HostPattern.endsInDomain(parts) ? [] : given
    }

    /// - Returns: `nil` for a value that may choose a host.
    private func hostPattern(
        _ name: String, _ sources: Set<ConnectionDatum.Source>
    ) -> HostPattern? {
        guard let datum = connectionData.first(where: { $0.name == name }),
            sources.contains(datum.source), !datum.choosesHost
        else { return nil }
        return datum.pattern.flatMap { HostPattern($0) }
    }
}
