import HTTPTypes

extension IntegrationDefinition {
    /// Refuses header fields for the provider's endpoints that would not be sent as they are
    /// written, because Grantkeeper sets them for each request.
    func validateProviderHeaders(_ reader: inout DefinitionReader) {
        for text in Self.texts {
            guard case .headers(let endpoint) = text.role else { continue }
            for name in text.values(self).compactMap({ HTTPField.Name($0.name) }) {
                guard let origin = endpoint.origin(of: name) else { continue }
                reader.require(false, "'\(name)' in '\(text.path)' is set by \(origin)")
            }
        }
    }
}

extension ProviderEndpoint {
    /// Returns what sets a header field of the endpoint's requests; `nil` where the operator may.
    fileprivate func origin(of name: HTTPField.Name) -> String? {
        switch self {
        case .token where name == .authorization: "'clientAuthentication'"
        case .token where name == .contentType: "'tokenFormat'"
        case .lookup where name == .authorization: "its 'prefix'"
        case .lookup where name == .contentType: "Grantkeeper"
        case .authorization, .token, .refresh, .revocation, .lookup:
            ForbiddenHeaders.isFraming(name) ? "Grantkeeper" : nil
        // The fields of calls have rules of their own.
        case .api: nil
        }
    }
}
