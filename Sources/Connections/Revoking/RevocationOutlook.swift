/// The fate of a grant at its provider when its connection ends here.
package enum RevocationOutlook: String, Sendable, CaseIterable {
    /// The provider is told, in the background, until it accepts the revocation.
    case queued
    /// The integration has no way to revoke: the grant stays listed at the provider, and its tokens
    /// work there until they expire.
    case unsupported
    /// There is nothing that a provider could revoke: a credential that is not OAuth's, or a
    /// connection whose tokens were erased.
    case none
}
