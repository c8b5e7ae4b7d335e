import Encoding
import OAuth

/// How a provider refreshes tokens, as far as it is not done as RFC 6749 §6 has it.
package struct RefreshRules: Equatable, Sendable {
    /// Where, if not at `tokenUri`; possibly with placeholders.
    package var uri: String?
    /// Further parameters, on top of `tokenParameters`.
    package var parameters: [IntegrationDefinition.Parameter] = []
    package var words = RefreshWords()
    /// The token that is used: at some providers the access token itself, as long as it lives.
    package var token = TokenTypeHint.refreshToken
    /// What becomes of a refresh token that is used. For people, and for tests: what the answer
    /// says is what counts.
    package var rotation: Rotation?
    /// What tells that the grant is gone, in the provider's own words.
    package var dead: [RefusalSign] = []

    package init() {}

    package enum Rotation: String, Sendable, CaseIterable {
        /// Each works once, and a new one comes.
        case singleUse = "single-use"
        /// A new one comes, and the old one lives on.
        case renewed
        /// It stays.
        case fixed
        /// There are no refresh tokens.
        case none
    }

    static func read(_ reader: inout DefinitionReader) -> RefreshRules {
        var rules = RefreshRules()
        rules.uri = reader.templateURL("uri", mayHaveQuery: true)
        rules.parameters = reader.parameters("parameters") ?? []
        rules.words = RefreshWords(
            grantType: reader.text("grantType") ?? rules.words.grantType,
            parameter: reader.text("parameter") ?? rules.words.parameter)
        rules.token = reader.choice("with", TokenTypeHint.self) ?? rules.token
        rules.rotation = reader.choice("rotation", Rotation.self)
        rules.dead = reader.objects("dead", RefusalSign.read) ?? []
        return rules
    }

    var json: JSONValue {
        .object([
            ("uri", .string(orNull: uri)),
            ("parameters", .object(parameters.map { ($0.name, .string($0.value)) })),
            ("grantType", .string(words.grantType)),
            ("parameter", .string(words.parameter)),
            ("with", .string(token.rawValue)),
            ("rotation", .string(orNull: rotation?.rawValue)),
            ("dead", .array(dead.map(\.json))),
        ])
    }
}

extension RefusalSign {
    static func read(_ reader: inout DefinitionReader) -> RefusalSign {
        let sign = RefusalSign(
            status: reader.wholeNumber("status", 400...499), member: reader.path("member"),
            value: reader.plainText("is"))
        reader.require(
            sign.status != nil || sign.member != nil, "'status' or 'member' is needed")
        reader.require(
            (sign.member == nil) == (sign.value == nil), "'member' and 'is' go together")
        return sign
    }

    var json: JSONValue {
        .object([
            ("status", .integer(orNull: status)), ("member", .string(orNull: member?.text)),
            ("is", .string(orNull: value)),
        ])
    }
}
