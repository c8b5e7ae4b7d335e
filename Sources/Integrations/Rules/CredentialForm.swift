import Encoding

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

    static func read(_ reader: inout DefinitionReader) -> CredentialForm {
        CredentialForm(
            username: reader.phrase("username", upTo: 64),
            password: reader.phrase("password", upTo: 64),
            apiKey: reader.phrase("apiKey", upTo: 64), token: reader.phrase("token", upTo: 64),
            help: reader.phrase("help", upTo: 500))
    }

    var json: JSONValue {
        .object([
            ("username", .string(orNull: username)), ("password", .string(orNull: password)),
            ("apiKey", .string(orNull: apiKey)), ("token", .string(orNull: token)),
            ("help", .string(orNull: help)),
        ])
    }

    /// Returns the labels that are set for fields that the page does not have with this type.
    func strayNames(for type: IntegrationDefinition.AuthType) -> [String] {
        let given = [
            ("username", username), ("password", password), ("apiKey", apiKey), ("token", token),
            ("help", help),
        ]
        return given.filter { $0.1 != nil && !type.credentialNames.contains($0.0) }.map(\.0)
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

extension DefinitionReader {
    /// Reads a text that is shown to people.
    fileprivate mutating func phrase(_ name: String, upTo longest: Int) -> String? {
        let phrase = text(name)
        require(
            phrase.map { (1...longest).contains($0.count) } ?? true,
            "'\(name)' must be a text of 1 to \(longest) characters")
        return phrase
    }
}
