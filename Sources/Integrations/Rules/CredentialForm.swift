/// Labels of a credential on the page that asks for it, in the words of the provider's site; `nil`
/// where the default label fits.
package struct CredentialForm: Equatable, Sendable {
    package var username: String?
    package var password: String?
    package var apiKey: String?
    package var token: String?
    /// An explanation of where to find the credential, in a sentence or two.
    package var help: String?

    /// Whether all labels are the defaults.
    package var isUsual: Bool { self == CredentialForm() }

    /// Returns the labels that are set for fields that the page does not have with this type.
    func strayNames(for type: IntegrationDefinition.AuthType) -> [String] {
        Self.fields.filter { $0.json(self) != .null }.map(\.name)
            .filter { !type.credentialNames.contains($0) }
    }
}

extension IntegrationDefinition.AuthType {
    /// The members of ``CredentialForm`` that have a meaning with this type.
    fileprivate var credentialNames: [String] {
        switch self {
        case .oauth2: []
        case .apiKey: ["apiKey", "help"]
        case .basic: ["username", "password", "help"]
        case .bearer: ["token", "help"]
        }
    }
}

extension CredentialForm: FieldedObject {
    package static var initial: CredentialForm { CredentialForm() }

    package static let fields: [Field<CredentialForm>] = [
        Field("username", \.username, .phrase(upTo: 64), "The label of the user name."),
        Field("password", \.password, .phrase(upTo: 64), "The label of the password."),
        Field("apiKey", \.apiKey, .phrase(upTo: 64), "The label of the API key."),
        Field("token", \.token, .phrase(upTo: 64), "The label of the token."),
        Field(
            "help", \.help, .phrase(upTo: 500),
            "A sentence that says where the user finds the credential."),
    ]
}
