import HTTPTypes

extension IntegrationDefinition {
    /// Refuses header fields for the provider's endpoints that would not be sent as they are
    /// written, because Grantkeeper sets them for each request.
    func validateProviderHeaders(_ reader: inout DefinitionReader) {
        for name in tokenHeaders.compactMap({ HTTPField.Name($0.name) }) {
            switch name {
            case .authorization:
                reader.require(
                    false, "'Authorization' in 'tokenHeaders' is set by 'clientAuthentication'")
            case .contentType:
                reader.require(
                    false, "'Content-Type' in 'tokenHeaders' is set by 'tokenFormat'")
            default: Self.refuseFraming(name, "'tokenHeaders'", &reader)
            }
        }
        for name in (lookup?.headers ?? []).compactMap({ HTTPField.Name($0.name) }) {
            switch name {
            case .authorization:
                reader.require(
                    false, "'Authorization' in the headers of 'lookup' is set by its 'prefix'")
            case .contentType:
                reader.require(
                    false, "'Content-Type' in the headers of 'lookup' is set by Grantkeeper")
            default: Self.refuseFraming(name, "the headers of 'lookup'", &reader)
            }
        }
        for name in (revocation?.headers ?? []).compactMap({ HTTPField.Name($0.name) }) {
            Self.refuseFraming(name, "the headers of 'revocation'", &reader)
        }
    }

    private static func refuseFraming(
        _ name: HTTPField.Name, _ place: String, _ reader: inout DefinitionReader
    ) {
        reader.require(
            !ForbiddenHeaders.isFraming(name), "'\(name)' in \(place) is set by Grantkeeper")
    }
}
