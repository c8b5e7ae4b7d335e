/// The reason why a disguised provider refuses a request.
enum Refusal: Error {
    /// A request that does not follow the entry: `rule` is the entry's field.
    case broken(rule: String, String)
    /// An error code of the protocol, such as for a wrong secret or an invalid token.
    case code(String)
    /// A refresh token whose grant is no longer valid, told as the entry describes it.
    case deadGrant
    /// A call to the API without a valid credential.
    case unauthorized
}

extension Refusal {
    /// The broken rule for the list of requests; `nil` where the request followed the entry.
    var brokenRule: String? {
        if case .broken(let rule, let text) = self { "\(rule): \(text)" } else { nil }
    }
}
