import HTTPClient
import OAuth

/// An integration's endpoints at its provider, ready to be asked.
struct ProviderClient {
    let integration: Integration
    let clientSecret: String?
    let transport: any HTTPTransport
    var limits = TransferLimits.providerAnswer

    private var client: Client {
        Client(
            id: integration.definition.clientId ?? "", secret: clientSecret,
            authentication: integration.definition.clientAuthentication)
    }

    var tokenEndpoint: TokenEndpoint {
        TokenEndpoint(
            url: integration.definition.tokenUri ?? "", client: client, transport: transport,
            limits: limits,
            extraParameters: integration.definition.tokenParameters.map { ($0.name, $0.value) })
    }
}
