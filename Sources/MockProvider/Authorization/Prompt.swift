/// A request's rule for the pages that the user gets to see (OpenID Connect Core §3.1.2.1,
/// `prompt`).
enum Prompt: String, CaseIterable {
    /// No page at all.
    case silent = "none"
    // The provider's one page covers all of these prompts.
    case login
    case consent
    case selectAccount = "select_account"

    /// - Throws: `invalid_request` for an unknown word, and for `none` beside others.
    static func read(_ text: String?) throws(ProtocolError) -> Set<Prompt> {
        let words = text?.split(separator: " ", omittingEmptySubsequences: false) ?? []
        let prompts = words.compactMap { Prompt(rawValue: String($0)) }
        guard prompts.count == words.count else {
            let known = allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidRequest("prompt has a word that is not one of \(known)")
        }
        guard !prompts.contains(.silent) || prompts.count == 1 else {
            throw .invalidRequest("prompt has another word beside none")
        }
        return Set(prompts)
    }
}
