/// An application that is registered with the provider (RFC 6749 §2).
package struct RegisteredClient: Equatable, Sendable {
    package let id: String
    /// The client secret; `nil` for a public client, which has none (RFC 6749 §2.1).
    package let secret: String?

    package init(id: String, secret: String?) {
        self.id = id
        self.secret = secret
    }

    /// Reads `id:secret`, or `id` alone for a public client; `nil` without an id.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let id = parts.first, !id.isEmpty else { return nil }
        self.init(id: String(id), secret: parts.count > 1 ? String(parts[1]) : nil)
    }
}
