/// What becomes of a grant at its provider when its connection ends here.
package enum RevocationOutlook: String, Sendable, CaseIterable {
    /// The provider is told, in the background, until it has accepted that.
    case queued
    /// The integration has no way to tell it: the grant stays listed at the provider, and its tokens
    /// work there until they end by themselves.
    case unsupported
    /// There is nothing that a provider could end: a credential that is not OAuth's, or a connection
    /// whose tokens were erased.
    case none
}
