import Encoding
import HTTPClient

/// Where a provider gives out tokens (RFC 6749 §3.2). The grants are in files of their own.
package struct TokenEndpoint: Sendable {
    let url: String
    let client: Client
    let transport: any HTTPTransport
    let limits: TransferLimits
    let extraParameters: [(String, String)]
    let format: TokenRequestFormat
    let acceptedTokenTypes: [String]

    /// - Parameters:
    ///   - url: Used as it is, a query included.
    ///   - limits: In seconds.
    ///   - extraParameters: What this provider wants besides; a parameter that the request has
    ///     already is ignored.
    ///   - acceptedTokenTypes: In small letters. More than `bearer` only for providers that give
    ///     another name to a bearer token.
    package init(
        url: String, client: Client, transport: any HTTPTransport,
        limits: TransferLimits = .providerAnswer, extraParameters: [(String, String)] = [],
        format: TokenRequestFormat = .form, acceptedTokenTypes: [String] = ["bearer"]
    ) {
        self.url = url
        self.client = client
        self.transport = transport
        self.limits = limits
        self.extraParameters = extraParameters
        self.format = format
        self.acceptedTokenTypes = acceptedTokenTypes
    }

    /// Sends a grant's parameters and reads the tokens.
    ///
    /// - Throws: ``OAuthError``.
    func request(_ parameters: [(String, String)]) throws(OAuthError) -> TokenResponse {
        let taken = Set(parameters.map(\.0)).union(["client_id", "client_secret"])
        let extra = extraParameters.filter { !taken.contains($0.0) }
        let request = ClientRequest(
            url: url, client: client, parameters: parameters + extra, format: format,
            limits: limits)
        let answer = try request.send(over: transport)
        return try TokenResponse(
            members: try answer.successMembers(), acceptedTypes: acceptedTokenTypes)
    }
}
