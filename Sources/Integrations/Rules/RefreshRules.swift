import Encoding
import OAuth

/// Rules for refreshing tokens at a provider, as far as they differ from RFC 6749 §6.
package struct RefreshRules: Equatable, Sendable {
    /// The URL of the refresh endpoint, where it is not `tokenUri`; possibly with placeholders.
    package var uri: String?
    /// Further parameters, on top of `tokenParameters`.
    package var parameters: [IntegrationDefinition.Parameter] = []
    package var words = RefreshWords()
    /// The token that a refresh sends: at some providers the access token, as long as it is valid.
    package var token = TokenTypeHint.refreshToken
    /// The fate of a refresh token that is used. Only people and tests read this: in operation the
    /// provider's answer decides.
    package var rotation: Rotation?
    /// The signs that the grant is gone, in the provider's own words.
    package var dead: [RefusalSign] = []

    package init() {}

    package enum Rotation: String, Sendable, CaseIterable {
        /// Each refresh token works once; the answer has a new one.
        case singleUse = "single-use"
        /// The answer has a new refresh token, and the old one stays valid.
        case renewed
        /// The refresh token stays the same.
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
