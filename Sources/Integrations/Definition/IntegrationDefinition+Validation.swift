import Encoding
import HTTPTypes
import OAuth
import Templates

extension IntegrationDefinition {
    /// Checks the rules that concern more than the form of a single field.
    func validate(_ reader: inout DefinitionReader) {
        reader.require(
            Self.isSlug(slug),
            "'slug' must be 1 to 64 of a-z, 0-9, '-', '_' and '.', and begin with a letter or digit"
        )
        reader.require(!apiBaseUri.isEmpty, "'apiBaseUri' is missing")
        reader.require(
            !slug.hasPrefix("integration-"),
            "'slug' must not begin with 'integration-', as the ids do")
        checkFields(&reader)
        validateOAuth(&reader)
        validateHeaders(&reader)
        validateProviderHeaders(&reader)
        validateConnectionData(&reader)
        validatePlaceholders(&reader)
        validateHosts(&reader)
        reader.require(
            redirect == .common || slug != "callback", "'slug' callback cannot have 'redirect: own'"
        )
        for name in credentialForm.strayNames(for: authType) {
            reader.require(
                false,
                "in 'credentialForm': with 'authType: \(authType.rawValue)' no one is asked "
                    + "for '\(name)'")
        }
        if let path = credentialTestPath {
            reader.require(
                path.hasPrefix("/") && ProxyTarget.isPath(path),
                "'credentialTestPath' must be a path below 'apiBaseUri' that begins with '/'")
        }
    }

    /// Refuses data that has no source, and data that is a secret: every user of the connection
    /// sees it.
    private func validateConnectionData(_ reader: inout DefinitionReader) {
        for datum in connectionData {
            reader.require(
                datum.source != .operator || datum.fallback != nil,
                "'data' must give '\(datum.name)': \(datum.requirement)")
            reader.require(
                datum.source != .lookup || lookup != nil,
                "'\(datum.name)' is from a lookup, but there is no 'lookup'")
            reader.require(
                !RevocationPlaceholder.isOwn(datum.name),
                "'\(datum.name)' in 'connectionData' needs another name: {\(datum.name)} has a "
                    + "meaning of its own")
            reader.require(
                datum.pattern.map { ValuePattern($0) != nil } ?? true,
                "the 'pattern' of '\(datum.name)' is not a regular expression of the supported "
                    + "kind: characters, '.', sets such as [a-z], groups, '|', '*', '+', '?', {2,5}, "
                    + "without look-ahead and look-behind")
            reader.require(
                datum.fallback.map(datum.accepts) ?? true,
                "the 'default' of '\(datum.name)' does not match its 'pattern'")
            reader.require(
                !isSecret(datum),
                "'\(datum.name)' in 'connectionData' would show a secret: '\(datum.path.text)'")
        }
    }

    private func isSecret(_ datum: ConnectionDatum) -> Bool {
        switch datum.source {
        case .operator, .user: false
        case .callback: ["code", "state"].contains(datum.path.text)
        case .token, .lookup:
            ["access_token", "refresh_token", "id_token"].contains(datum.path.lastMember)
                || tokenResponse.isToken(datum.path)
        }
    }

    private func validateOAuth(_ reader: inout DefinitionReader) {
        guard authType == .oauth2 else { return }
        reader.require(tokenUri != nil, "'tokenUri' is missing")
        reader.require(clientId?.isEmpty == false, "'clientId' is missing")
        validateRevocation(&reader)
        reader.requireFields(tokenHeaders)
        reader.require(grant.consent == .none || authUri != nil, "'authUri' is missing")
        reader.require(
            !issuerRequired || issuer != nil, "'issuerRequired' needs the 'issuer' to compare with")
        validateParameters(&reader)
    }

    private func validateRevocation(_ reader: inout DefinitionReader) {
        guard let revocationUri else {
            return reader.require(revocation == nil, "'revocation' needs the 'revocationUri'")
        }
        let names = Template(revocationUri).names
        reader.require(
            !names.contains("clientSecret"), "'revocationUri' cannot hold {clientSecret}")
        reader.require(
            names.contains("token") == (revocation?.place == .url),
            "'revocationUri' has {token} exactly where 'revocation' says 'in: url'")
        for (name, value) in (revocation?.headers ?? []) + (revocation?.parameters ?? []) {
            for placeholder in Template(value).names {
                reader.require(
                    RevocationPlaceholder.isOwn(placeholder),
                    "'\(name)' in 'revocation' has a placeholder {\(placeholder)}, which is none of "
                        + "{clientId}, {clientSecret}, {token} and {data.…}")
            }
        }
    }

    private func validateHeaders(_ reader: inout DefinitionReader) {
        for name in forwardHeaders + headers.map(\.name) {
            reader.require(
                HTTPField.Name(name).map { !ForbiddenHeaders.contains($0) } == true,
                "'\(name)' cannot be set in calls to the API")
            reader.require(
                !isCredentialField(name),
                "'\(name)' is the credential's field, as some servers read it, and cannot be set in "
                    + "calls to the API")
        }
        for header in headers {
            reader.require(
                HTTPField.isValidValue(header.value), "the value of header '\(header.name)'")
        }
        if case .header(let name, let prefix) = credentialPlacement {
            reader.require(
                HTTPField.Name(name).map { $0 == .authorization || !ForbiddenHeaders.contains($0) }
                    == true && HTTPField.isValidValue(prefix + "x"),
                "'credentialPlacement' names a header that cannot carry a credential")
        }
    }

    private func isCredentialField(_ name: String) -> Bool {
        guard let name = HTTPField.Name(name), let credentialField else { return false }
        return ForbiddenHeaders.spelling(of: name) == ForbiddenHeaders.spelling(of: credentialField)
    }

    /// Returns whether a text can be an integration's slug.
    package static func isSlug(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64 else { return false }
        func isLetterOrDigit(_ byte: UInt8) -> Bool {
            byte.isASCIILowercase || byte.isASCIIDigit
        }
        return isLetterOrDigit(first)
            && text.utf8.allSatisfy {
                isLetterOrDigit($0) || "-_.".utf8.contains($0)
            }
    }
}
