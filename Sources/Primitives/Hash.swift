import Crypto

/// Returns the SHA-256 of a random text: session ids, states, tickets and API keys are stored as
/// that, so that a copy of the database signs no one in (SECURITY 19).
package func hash(_ secret: String) -> [UInt8] {
    var secret = secret
    let digest = secret.withUTF8 { bytes in
        var function = SHA256()
        function.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        return function.finalize()
    }
    // In one piece: as a sequence, it is copied byte by byte.
    return digest.withUnsafeBytes { [UInt8]($0) }
}
