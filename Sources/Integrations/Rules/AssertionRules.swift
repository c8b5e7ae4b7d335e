import Encoding
import OAuth
import Templates

/// What a client asserts to get tokens by the grant `jwt_bearer` (RFC 7523 §3), as far as it is not
/// the usual: the client's id for the provider's token endpoint.
package struct AssertionRules: Equatable, Sendable {
    package var issuer: String?
    /// In whose name; `{userId}` stands for the user whose connection it is.
    package var subject: String?
    package var audience: String?
    package var scopePlace = ScopePlace.claim

    /// Where the scope is asked for.
    package enum ScopePlace: String, Sendable, CaseIterable {
        /// In the assertion, as Google wants it.
        case claim
        /// As a parameter, as in other grants.
        case parameter
    }

    /// What `subject` may hold beside what `data` gives.
    static let userPlaceholder = "userId"

    /// In whose name a token is asked for.
    ///
    /// - Parameter userID: Of the connection's owner, as our host vouches for it: whoever could name
    ///   somebody else would act for them.
    package func subject(for userID: String) -> String? {
        subject.map { Template($0).filled { $0 == Self.userPlaceholder ? userID : nil } }
    }

    static func read(_ reader: inout DefinitionReader) -> AssertionRules {
        AssertionRules(
            issuer: reader.text("issuer"), subject: reader.text("subject"),
            audience: reader.text("audience"),
            scopePlace: reader.choice("scope", ScopePlace.self) ?? .claim)
    }

    var json: JSONValue {
        .object([
            ("issuer", .string(orNull: issuer)), ("subject", .string(orNull: subject)),
            ("audience", .string(orNull: audience)), ("scope", .string(scopePlace.rawValue)),
        ])
    }
}
