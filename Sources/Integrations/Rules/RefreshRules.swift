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

}

extension RefreshRules: FieldedObject {
    package static var initial: RefreshRules { RefreshRules() }

    package static let fields: [Field<RefreshRules>] = [
        Field(
            "uri", \.uri, .url(of: .refresh), "The URL of the refresh endpoint, if not `tokenUri`."),
        Field(
            "parameters", \.parameters, .parameters(of: .refresh),
            "Further parameters, beside `tokenParameters`."),
        Field("grantType", \.words.grantType, .text, "The value of `grant_type`."),
        Field(
            "parameter", \.words.parameter, .text, "The parameter that carries the token."),
        Field("with", \.token, .choice, "The token that is sent."),
        Field(
            "rotation", \.rotation, .choice,
            """
            The fate of a refresh token after its use, for people: in operation the provider's \
            answer decides.
            """),
        Field(
            "dead", \.dead, .objects(),
            "Answers that mean that the grant is no longer valid, beside `invalid_grant`."),
    ]
}

extension RefusalSign: FieldedObject {
    package static var initial: RefusalSign { RefusalSign(status: nil, member: nil, value: nil) }

    package static let fields: [Field<RefusalSign>] = [
        Field("status", \.status, .wholeNumber(400...499), "The status of the answer."),
        Field("member", \.member, .path, "The place of a member of the answer."),
        Field("is", \.value, .plainText, "The value of the member."),
    ]

    package static var schemaRules: [(String, JSONValue)] {
        [
            ("anyOf", [["required": ["status"]], ["required": ["member"]]]),
            ("dependentRequired", ["member": ["is"], "is": ["member"]]),
        ]
    }

    package func checkRules(_ reader: inout DefinitionReader) {
        reader.require(status != nil || member != nil, "'status' or 'member' is needed")
        reader.require((member == nil) == (value == nil), "'member' and 'is' go together")
    }
}
