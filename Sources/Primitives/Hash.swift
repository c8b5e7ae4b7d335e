import Crypto

/// SHA-256 of a text that was drawn at random: how session ids, states, tickets and API keys are
/// kept, so that a copy of the database signs nobody in (SECURITY 19).
package func hash(_ secret: String) -> [UInt8] {
    [UInt8](SHA256.hash(data: [UInt8](secret.utf8)))
}
