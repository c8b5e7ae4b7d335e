import Encoding
import HTTPTypes
import Headers
import MockProvider
import Web

/// The mock provider as somebody else, asked at that provider's own addresses.
struct DisguisedProvider {
    static let clientID = "client+id.1"
    static let clientSecret = "s3cret+/%&"
    static let callback = "https://app.test/oauth2/callback"
    /// As RFC 6749 §2.3.1 has it, and without the form-encoding.
    static let basic = "Basic " + base64("client%2Bid.1:s3cret%2B%2F%25%26")
    static let basicUnencoded = "Basic " + base64("client+id.1:s3cret+/%&")

    private let provider: TestProvider

    /// - Parameter order: Beside the entry and the client, as JSON members: `, "rejectsClient": true`.
    init(_ integration: String, order: String = "") throws {
        provider = try TestProvider()
        let answer = try provider.order(
            "disguise",
            """
            {"integration": \(integration), "clientId": "\(Self.clientID)",
             "clientSecret": "\(Self.clientSecret)", "redirectUri": "\(Self.callback)"\(order)}
            """)
        guard answer.status == 200 else { throw Refused(text: answer.text) }
    }

    struct Refused: Error {
        let text: String
    }

    func ask(
        _ method: HTTPRequest.Method, _ url: String, _ headers: HeaderFields = [:],
        _ body: String = ""
    ) throws -> Answer {
        let rest = url.dropFirst("https://".count)
        let host = rest.prefix { $0 != "/" }
        var headers = headers
        if let name = HTTPField.Name("Host") { headers[name] = String(host) }
        if headers[.accept] == nil { headers[.accept] = "application/json" }
        return try provider.ask(method, String(rest[host.endIndex...]), headers, body)
    }

    func post(
        _ url: String, _ fields: [(String, String)], _ headers: HeaderFields = [:]
    ) throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try ask(.post, url, headers, Form(fields.map { Form.Field($0.0, $0.1) }).encoded)
    }

    func post(json: String, _ url: String, _ headers: HeaderFields = [:]) throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/json"
        return try ask(.post, url, headers, json)
    }

    /// An authorization request as this client makes it, with what a provider wants besides.
    func authorize(_ url: String, _ further: [(String, String)]) throws -> Answer {
        let fields =
            [
                ("response_type", "code"), ("client_id", Self.clientID),
                ("redirect_uri", Self.callback), ("state", "xyz"),
                ("code_challenge", Text.s256(TestProvider.verifier)),
                ("code_challenge_method", "S256"),
            ] + further
        return try ask(.get, url + "?" + Form(fields.map { Form.Field($0.0, $0.1) }).encoded)
    }

    /// The parameters that redeem a code, without the client's proof.
    static func redeeming(_ code: String?) -> [(String, String)] {
        [
            ("grant_type", "authorization_code"), ("code", code ?? ""),
            ("redirect_uri", callback), ("code_verifier", TestProvider.verifier),
        ]
    }

    static func renewing(_ token: String) -> [(String, String)] {
        [("grant_type", "refresh_token"), ("refresh_token", token)]
    }

    static let proof = [("client_id", clientID), ("client_secret", clientSecret)]

    /// The rules that were broken so far.
    func brokenRules() throws -> [String] {
        try provider.ask(.get, "/control/disguise").json["brokenRules"]?.elements?
            .compactMap(\.stringValue) ?? []
    }

    /// What was asked so far.
    func calls() throws -> [JSONValue] {
        try provider.ask(.get, "/control/disguise").json["calls"]?.elements ?? []
    }

    func revoked() throws -> [String] {
        try provider.ask(.get, "/control/disguise").json["revoked"]?.elements?
            .compactMap(\.stringValue) ?? []
    }

    /// Ends the access tokens, or the grant.
    func expire(refreshTokens: Bool = false) throws {
        _ = try provider.order("disguise/expire", #"{"refreshTokens": \#(refreshTokens)}"#)
    }

    private static func base64(_ text: String) -> String {
        Text.base64(text.utf8)
    }
}
