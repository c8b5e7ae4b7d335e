import Encoding

/// The reason for which a disguised provider refuses a request.
enum Refusal: Error {
    /// The request is not what the entry says: `rule` is the entry's field.
    case broken(rule: String, String)
    /// An error code of the protocol, such as for a wrong secret or a dead token.
    case code(String)
    /// A refresh token whose grant is gone, in the entry's words where it has some.
    case deadGrant
    /// A call to the API without a credential that works.
    case unauthorized
}

extension Refusal {
    /// For the list of what was asked; `nil` where the request was as it should be.
    var brokenRule: String? {
        if case .broken(let rule, let text) = self { "\(rule): \(text)" } else { nil }
    }
}
