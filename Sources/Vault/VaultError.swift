import Primitives

/// A failure to open a sealed value.
package enum VaultError: DomainError {
    /// A stored secret cannot be opened with the key ring. The text names its place.
    case sealBroken(String)
}
