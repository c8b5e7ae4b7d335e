/// The way of an authorization answer to the client (OAuth 2.0 Multiple Response Types §2.1).
enum ResponseMode: String, CaseIterable {
    /// The redirect URI's query, as in RFC 6749 §4.1.2.
    case query
    case fragment
    /// A form that the browser posts (OAuth 2.0 Form Post Response Mode).
    case formPost = "form_post"
}
