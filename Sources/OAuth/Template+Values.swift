import Templates

extension Template {
    /// Returns the text with known values in place of the placeholders.
    ///
    /// - Parameter encode: Makes a value fit for its place.
    /// - Throws: ``OAuthError/badEndpoint(_:)`` for a placeholder that has no value.
    func filled(
        with values: [String: String], _ encode: (String) -> String = { $0 }
    ) throws(OAuthError) -> String {
        try filled { name throws(OAuthError) in
            guard let value = values[name] else {
                throw .badEndpoint("there is no value for {\(name)}")
            }
            return encode(value)
        }
    }
}
