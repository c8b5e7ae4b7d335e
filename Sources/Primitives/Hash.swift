import Crypto

/// Returns the SHA-256 of a random text: session ids, states, tickets and API keys are stored as
/// that, so that a copy of the database signs no one in (SECURITY 19).
package func hash(_ secret: String) -> [UInt8] {
    [UInt8](SHA256.hash(data: [UInt8](secret.utf8)))
}
