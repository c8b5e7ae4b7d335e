import OAuth
import Templates

/// Checks of the placeholders in the fields of an integration.
extension IntegrationDefinition {
    private typealias Sources = Set<ConnectionDatum.Source>

    /// Refuses a placeholder without a value, one whose value is not known yet where it is needed,
    /// and one without a pattern that checks the value before it stands in a URL.
    func validatePlaceholders(_ reader: inout DefinitionReader) {
        let early: Sources = [.operator, .user]
        let called = early.union([.callback])
        let answered = called.union([.token])
        let all = Sources(ConnectionDatum.Source.allCases)
        func check(_ field: String, _ texts: [String?], _ known: Sources) {
            for name in texts.flatMap(Self.names) { require(name, in: field, known, &reader) }
        }
        check("authUri", [authUri], early)
        check("tokenUri", [tokenUri], called)
        check("refresh", [refresh.uri], all)
        check("lookup", [lookup?.uri] + (lookup?.headers ?? []).map(\.value), answered)
        check("apiBaseUri", [apiBaseUri], all)
        check("apiHosts", apiHosts, all)
        check("headers", headers.map(\.value), all)
        validateRevocationPlaceholders(&reader)
        validateConstants(&reader)
        validatePaths([.token: called, .lookup: answered], &reader)
    }

    private static func names(in text: String?) -> [String] {
        text.map { Template($0).names } ?? []
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

    /// Checks the placeholders of a revocation, which knows more names: none of these may stand in
    /// the host.
    private func validateRevocationPlaceholders(_ reader: inout DefinitionReader) {
        let beginning = revocationUri.map(URLTemplate.beginning)
        for name in Self.names(in: beginning).filter(RevocationPlaceholder.isOwn) {
            reader.require(false, "'revocationUri' cannot have {\(name)} before its path")
        }
        let all = Sources(ConnectionDatum.Source.allCases)
        for name in Self.names(in: revocationUri) {
            let kept = Self.keptName(name)
            guard kept != nil || !RevocationPlaceholder.isOwn(name) else { continue }
            require(kept ?? name, in: "revocationUri", all, &reader)
        }
        let values = (revocation?.headers ?? []) + (revocation?.parameters ?? [])
        for name in values.flatMap({ Template($0.value).names }).compactMap(Self.keptName) {
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

    /// Refuses placeholders that are left in texts that are the same for all connections.
    private func validateConstants(_ reader: inout DefinitionReader) {
        let constants: [(String, [String?])] = [
            ("scope", [scope]), ("resource", resources),
            ("authorizationParameters", authorizationParameters.map(\.value)),
            ("tokenParameters", tokenParameters.map(\.value)),
            ("tokenHeaders", tokenHeaders.map(\.value)),
            ("refresh", refresh.parameters.map(\.value)),
            ("assertion", [assertion.issuer, assertion.audience]),
            ("credentialTestPath", [credentialTestPath]),
        ]
        let subject = Self.names(in: assertion.subject)
        for name in subject where name != AssertionRules.userPlaceholder {
            reader.require(
                false,
                "in 'assertion': {\(name)} stands for nothing: 'subject' may have {userId}")
        }
        reader.require(
            mode == .perUser || subject.isEmpty,
            "in 'assertion': a shared connection acts for no one in particular, so that 'subject' "
                + "cannot have {userId}")
        for (field, texts) in constants {
            // A missing value of the operator is reported elsewhere.
            for name in texts.flatMap(Self.names) where datum(name)?.source != .operator {
                reader.require(
                    false,
                    "in '\(field)': {\(name)} stands for nothing: only {clientId} and "
                        + "the values of 'data' can stand here")
            }
        }
    }

    /// Checks paths into JSON, some of which choose among elements by values that are known.
    ///
    /// - Parameter known: The sources of the values that are known by then, by the path's source.
    private func validatePaths(
        _ known: [ConnectionDatum.Source: Sources], _ reader: inout DefinitionReader
    ) {
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
