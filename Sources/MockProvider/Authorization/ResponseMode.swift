/// The way of an authorization answer to the client (OAuth 2.0 Multiple Response Types §2.1).
enum ResponseMode: String, CaseIterable {
    /// In the redirect URI's query, as RFC 6749 §4.1.2 has it.
    case query
    case fragment
    /// As a form that the browser posts (OAuth 2.0 Form Post Response Mode).
    case formPost = "form_post"
}
