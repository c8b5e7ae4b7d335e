import Primitives

/// A failure to open what is sealed.
package enum VaultError: DomainError {
    /// A stored secret cannot be opened with the key ring. The text names where it stands.
    case sealBroken(String)
}
