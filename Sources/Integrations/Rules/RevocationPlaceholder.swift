/// Placeholders of a revocation beside those of `connectionData`.
package enum RevocationPlaceholder {
    /// Whether a placeholder of `revocationUri` is not a name in `connectionData`.
    package static func isOwn(_ name: String) -> Bool {
        ["token", "clientId", "clientSecret"].contains(name) || name.hasPrefix("data.")
    }
}
