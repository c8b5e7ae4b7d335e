import HTTPTypes
import Integrations

/// The fields of a call that its integration sets, the credential's and the fixed ones: a caller's
/// field that servers may take for one of them is not sent, however it is spelled.
package struct ReservedFields {
    private let credential: HTTPField.Name?
    private let fixed: [HTTPField.Name]

    init(_ definition: IntegrationDefinition) {
        credential = definition.credentialField
        fixed = definition.headers.compactMap { HTTPField.Name($0.name) }
    }

    func contains(_ name: HTTPField.Name) -> Bool {
        let spelling = ForbiddenHeaders.spelling(of: name)
        if let credential, ForbiddenHeaders.spelling(of: credential) == spelling { return true }
        // The integration's value replaces one of the same name.
        return fixed.contains { $0 != name && ForbiddenHeaders.spelling(of: $0) == spelling }
    }

    /// Whether the integration sets a field of that name.
    func isFixed(_ name: HTTPField.Name) -> Bool { fixed.contains(name) }
}
