import OAuth
import Templates

/// Checks of the placeholders in the fields of an integration.
extension IntegrationDefinition {
    private typealias Sources = Set<ConnectionDatum.Source>

    /// Refuses a placeholder without a value, one whose value is not known yet where it is needed,
    /// and one without a pattern that checks the value before it stands in a URL.
    func validatePlaceholders(_ reader: inout DefinitionReader) {
        for text in Self.texts {
            let names = text.values(self).flatMap { Template($0.text).names }
            switch text.role.placeholders {
            case .data(let known):
                for name in names { require(name, in: text.path, known, &reader) }
            case .constants:
                for name in names { refuse(unlessConstant: name, in: text.path, &reader) }
            case .subject: validateSubject(names, &reader)
            case .revocation where text.role.endpointOfURL != nil:
                validateRevocationURL(names, &reader)
            case .revocation: validateRevocationValues(names, &reader)
            case .unchecked: break
            }
        }
        validatePaths(&reader)
    }

    private func datum(_ name: String) -> ConnectionDatum? {
        connectionData.first { $0.name == name }
    }

    /// Refuses a placeholder whose value is not known by then, or has no pattern.
    ///
    /// - Parameter known: The sources of the values that are known by then.
    private func require(
        _ name: String, in field: String, _ known: Sources, _ reader: inout DefinitionReader
    ) {
        guard let datum = datum(name) else {
            return reader.require(
                false,
                "in '\(field)': {\(name)} stands for nothing: 'connectionData' has no "
                    + "'\(name)'")
        }
        reader.require(
            datum.pattern != nil, "'\(name)' stands in a URL or a header and needs a 'pattern'")
        reader.require(
            !datum.isOptional || datum.fallback != nil,
            "'\(name)' stands in a URL or a header and cannot be optional")
        reader.require(
            known.contains(datum.source),
            "{\(name)} is not known yet when '\(field)' is needed")
    }

    /// Checks the placeholders of the revocation endpoint, which knows more names: none of these may
    /// stand in the host.
    private func validateRevocationURL(_ names: [String], _ reader: inout DefinitionReader) {
        let beginning = revocationUri.map(URLTemplate.beginning) ?? ""
        for name in Template(beginning).names.filter(RevocationPlaceholder.isOwn) {
            reader.require(false, "'revocationUri' cannot have {\(name)} before its path")
        }
        for name in names {
            let kept = Self.keptName(name)
            guard kept != nil || !RevocationPlaceholder.isOwn(name) else { continue }
            require(kept ?? name, in: "revocationUri", ProviderEndpoint.revocation.known, &reader)
        }
    }

    private func validateRevocationValues(_ names: [String], _ reader: inout DefinitionReader) {
        for name in names.compactMap(Self.keptName) {
            let isAlwaysKept = datum(name).map { !$0.isOptional || $0.fallback != nil } ?? false
            reader.require(
                isAlwaysKept,
                "in 'revocation': {data.\(name)} is not a value that every connection keeps")
        }
    }

    /// Returns the name of the value that `{data.NAME}` stands for.
    private static func keptName(_ placeholder: String) -> String? {
        placeholder.hasPrefix("data.") ? String(placeholder.dropFirst(5)) : nil
    }

    /// Refuses a placeholder that is left in a text that is the same for all connections.
    private func refuse(
        unlessConstant name: String, in field: String, _ reader: inout DefinitionReader
    ) {
        // A missing value of the operator is reported elsewhere.
        reader.require(
            datum(name)?.source == .operator,
            "in '\(field)': {\(name)} stands for nothing: only {clientId} and the values of 'data' "
                + "can stand here")
    }

    private func validateSubject(_ names: [String], _ reader: inout DefinitionReader) {
        for name in names where name != AssertionRules.userPlaceholder {
            reader.require(
                false,
                "in 'assertion': {\(name)} stands for nothing: 'subject' may have {userId}")
        }
        reader.require(
            mode == .perUser || names.isEmpty,
            "in 'assertion': a shared connection acts for no one in particular, so that 'subject' "
                + "cannot have {userId}")
    }

    /// Checks paths into JSON, some of which choose among elements by values that are known before
    /// the answer is.
    private func validatePaths(_ reader: inout DefinitionReader) {
        let known: [ConnectionDatum.Source: Sources] = [
            .token: ProviderEndpoint.token.known, .lookup: ProviderEndpoint.lookup.known,
        ]
        for datum in connectionData {
            for name in datum.path.names {
                let source = self.datum(name)?.source
                reader.require(
                    source.map { known[datum.source]?.contains($0) == true } ?? false,
                    "'\(datum.name)' is chosen by {\(name)}, which is not known then")
            }
        }
        let fixed =
            [tokenResponse.container, tokenResponse.failure?.member].compactMap { $0 }
            + tokenResponse.paths.values + refresh.dead.compactMap(\.member)
        for name in fixed.flatMap(\.names) {
            reader.require(false, "{\(name)} stands for nothing in a path into an answer")
        }
    }
}
