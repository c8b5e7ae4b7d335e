import Encoding
import HTTPClient

/// The endpoint at which a provider gives tokens (RFC 6749 §3.2). The grants have their own files.
package struct TokenEndpoint: Sendable {
    let url: String
    let client: Client
    let transport: any HTTPTransport
    let limits: TransferLimits
    let extraParameters: [(String, String)]
    let headers: [(String, String)]
    let format: TokenRequestFormat
    let resources: [String]
    let response: TokenResponseShape
    let notice: @Sendable (TokenAnswerNotice) -> Void

    /// - Parameters:
    ///   - url: Used as it is, a query included.
    ///   - limits: In seconds.
    ///   - extraParameters: Further parameters that this provider wants; a parameter that the
    ///     request has already is ignored.
    ///   - headers: Further header fields.
    ///   - resources: The resources for the tokens; sent with every grant (RFC 8707 §2.2).
    ///   - response: The places of the answer's members.
    ///   - notice: Called for malformed answers.
    package init(
        url: String, client: Client, transport: any HTTPTransport,
        limits: TransferLimits = .providerAnswer, extraParameters: [(String, String)] = [],
        headers: [(String, String)] = [], format: TokenRequestFormat = .form,
        resources: [String] = [], response: TokenResponseShape = TokenResponseShape(),
        notice: @escaping @Sendable (TokenAnswerNotice) -> Void = { _ in }
    ) {
        self.url = url
        self.client = client
        self.transport = transport
        self.limits = limits
        self.extraParameters = extraParameters
        self.headers = headers
        self.format = format
        self.resources = resources
        self.response = response
        self.notice = notice
    }

    /// Sends a grant's parameters in the client's name and reads the tokens.
    ///
    /// - Throws: ``OAuthError``.
    func request(_ parameters: [(String, String)]) throws(OAuthError) -> TokenResponse {
        try request(parameters, by: client)
    }

    /// - Parameters:
    ///   - client: `nil` where the parameters name the client.
    ///   - signs: The signs that the grant is gone, beside `invalid_grant`.
    func request(
        _ parameters: [(String, String)], by client: Client?, dead signs: [RefusalSign] = []
    ) throws(OAuthError) -> TokenResponse {
        let parameters = parameters + resources.map { ("resource", $0) }
        let taken = Set(parameters.map(\.0)).union(Client.proofParameters)
        let extra = extraParameters.filter { !taken.contains($0.0) }
        let request = ClientRequest(
            url: url, client: client, parameters: parameters + extra, headers: headers,
            format: format, limits: limits)
        let answer = try request.send(over: transport)
        do {
            let reading = try answer.tokens(by: response)
            let tokens = try TokenResponse(members: reading.members, shape: response)
            if let oddity = reading.oddity { notice(.odd(oddity)) }
            return tokens
        } catch {
            guard signs.contains(where: { $0.isTold(by: answer, refusedAs: error) }) else {
                if answer.isSuccess, !error.isRefusalByName { notice(.unusable("\(error)")) }
                throw error
            }
            throw .refused(code: "invalid_grant", status: answer.status)
        }
    }
}

extension OAuthError {
    fileprivate var isRefusalByName: Bool {
        switch self {
        case .refused, .outage(.code): true
        default: false
        }
    }
}
