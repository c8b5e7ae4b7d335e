import Encoding
import OAuth

/// How a provider renews tokens, as far as it is not done as RFC 6749 §6 has it.
package struct RefreshRules: Equatable, Sendable {
    /// Where, if not at `tokenUri`; possibly with placeholders.
    package var uri: String?
    /// Further parameters, on top of `tokenParameters`.
    package var parameters: [IntegrationDefinition.Parameter] = []
    package var words = RefreshWords()
    /// The token that is used: at some providers the access token itself, as long as it lives.
    package var token = TokenTypeHint.refreshToken

    static func read(_ reader: inout DefinitionReader) -> RefreshRules {
        var rules = RefreshRules()
        rules.uri = reader.templateURL("uri", mayHaveQuery: true)
        rules.parameters = reader.parameters("parameters") ?? []
        rules.words = RefreshWords(
            grantType: reader.text("grantType") ?? rules.words.grantType,
            parameter: reader.text("parameter") ?? rules.words.parameter)
        rules.token = reader.choice("with", TokenTypeHint.self) ?? rules.token
        return rules
    }

    var json: JSONValue {
        .object([
            ("uri", .string(orNull: uri)),
            ("parameters", .object(parameters.map { ($0.name, .string($0.value)) })),
            ("grantType", .string(words.grantType)),
            ("parameter", .string(words.parameter)),
            ("with", .string(token.rawValue)),
        ])
    }
}
