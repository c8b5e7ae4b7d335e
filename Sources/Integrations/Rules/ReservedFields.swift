import HTTPTypes
import Headers

/// The fields of a call that its integration sets, the credential's and the fixed ones: a caller's
/// field that servers may take for one of them is not sent, however it is spelled.
package struct ReservedFields: Sendable {
    private struct Reserved {
        let name: HTTPField.Name
        let spelling: String

        init(_ name: HTTPField.Name) {
            self.name = name
            spelling = ForbiddenHeaders.spelling(of: name)
        }
    }

    private let credential: Reserved?
    private let fixed: [Reserved]

    init(_ definition: IntegrationDefinition) {
        credential = definition.credentialField.map(Reserved.init)
        fixed = definition.headers.compactMap { HTTPField.Name($0.name).map(Reserved.init) }
    }

    package func contains(_ field: HeaderField) -> Bool {
        // A spelling is as long as its name.
        let count = field.nameCount
        guard
            credential?.spelling.utf8.count == count
                || fixed.contains(where: { $0.spelling.utf8.count == count })
        else { return false }
        return contains(field.name)
    }

    package func contains(_ name: HTTPField.Name) -> Bool {
        let spelling = ForbiddenHeaders.spelling(of: name)
        if credential?.spelling == spelling { return true }
        // The integration's value replaces one of the same name.
        return fixed.contains { $0.name != name && $0.spelling == spelling }
    }

    /// Returns whether the integration sets a field of that name.
    package func isFixed(_ name: HTTPField.Name) -> Bool { fixed.contains { $0.name == name } }
}
