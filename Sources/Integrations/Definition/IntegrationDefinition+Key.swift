import OAuth

/// Fields of an integration that come from a client's private key.
extension IntegrationDefinition {
    /// Whether requests to the provider are signed.
    package var needsKey: Bool { grant.isSigned || clientAuthentication == .privateKeyJWT }

    /// Checks a private key: PEM, or a JSON key file of a Google service account, which also holds
    /// the client's id, the key's id and the token endpoint.
    mutating func take(_ privateKey: String?, _ reader: inout DefinitionReader) {
        guard let privateKey else { return }
        do {
            let key = try ClientSecrets(privateKey: privateKey).key()
            _ = try key.signingKey(signingAlgorithm)
            guard case .serviceAccount(let account) = key else { return }
            clientId = clientId ?? account.email
            keyId = keyId ?? account.keyID
            tokenUri = tokenUri ?? account.tokenEndpoint
            reader.require(
                tokenUri == account.tokenEndpoint,
                "the key file is for the 'tokenUri' \(account.tokenEndpoint)")
        } catch OAuthError.badKey(let reason) {
            reader.require(false, "'privateKey' cannot be used: \(reason)")
        } catch {
            reader.require(false, "'privateKey' cannot be used")
        }
    }
}
