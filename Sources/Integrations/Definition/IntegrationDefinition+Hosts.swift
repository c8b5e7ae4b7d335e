import OAuth
import Templates

/// Checks of the placeholders whose values decide to which host tokens and secrets go.
extension IntegrationDefinition {
    /// Refuses placeholders by which a user or a callback chooses a host, unless the operator
    /// allows it: the user can forge a callback.
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

    /// Returns the values that could choose a host, and the fields that they stand in.
    ///
    /// - Parameter sources: The sources that are not trusted to name a host.
    package func hostChoices(
        by sources: Set<ConnectionDatum.Source>
    ) -> [(field: String, name: String)] {
        Self.texts.filter { $0.role.endpointOfURL != nil }.flatMap { text in
            text.values(self).flatMap { hostChoices(in: $0.text, by: sources) }
                .map { (text.path, $0) }
        }
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

    /// Returns the pattern of a value; `nil` for a value that may choose a host.
    private func hostPattern(
        _ name: String, _ sources: Set<ConnectionDatum.Source>
    ) -> HostPattern? {
        guard let datum = connectionData.first(where: { $0.name == name }),
            sources.contains(datum.source), !datum.choosesHost
        else { return nil }
        return datum.pattern.flatMap { HostPattern($0) }
    }
}
