/// Texts that cannot be guessed (SECURITY 4).
package enum RandomToken {
    /// Returns a random text from the system's generator: base64url without padding, 43 characters
    /// for 256 bits.
    ///
    /// - Parameter bits: The number of random bits, rounded up to whole bytes.
    package static func make(bits: Int = 256) -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<(bits + 7) / 8).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        return Base64.encodeForURL(bytes)
    }
}
