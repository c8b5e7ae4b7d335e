import OAuth
import Templates

/// Claims of the assertion for the grant `jwt_bearer` (RFC 7523 §3), as far as they differ from the
/// default: the client's id as issuer, the provider's token endpoint as audience.
package struct AssertionRules: Equatable, Sendable {
    package var issuer: String?
    /// The subject of the assertion; `{userId}` stands for the user who owns the connection.
    package var subject: String?
    package var audience: String?
    package var scopePlace = ScopePlace.claim

    /// The place in the token request where the scope is asked for.
    package enum ScopePlace: String, Sendable, CaseIterable {
        /// A claim of the assertion, as at Google.
        case claim
        /// A parameter of the request, as in other grants.
        case parameter
    }

    /// The placeholder that `subject` may hold beside those that `data` fills.
    static let userPlaceholder = "userId"

    /// Returns the user in whose name a token is requested.
    ///
    /// - Parameter userID: The id of the connection's owner, for which our host vouches: a caller
    ///   who could name another user would act for that user.
    package func subject(for userID: String) -> String? {
        subject.map { Template($0).filled { $0 == Self.userPlaceholder ? userID : nil } }
    }

}

extension AssertionRules: FieldedObject {
    package static var initial: AssertionRules { AssertionRules() }

    package static let fields: [Field<AssertionRules>] = [
        Field(
            "issuer", \.issuer, .text.sent(as: .constant), "The claim `iss`; else the client's id."),
        Field(
            "subject", \.subject, .text.sent(as: .subject),
            """
            The claim `sub`: the user for whom the client acts; else the client's id. `{userId}` \
            stands for the owner of the connection.
            """),
        Field(
            "audience", \.audience, .text.sent(as: .constant), "The claim `aud`; else `tokenUri`."),
        Field(
            "scope", \.scopePlace, .choice,
            "The place of the scope: a claim of the assertion, or a parameter of the request."),
    ]
}
