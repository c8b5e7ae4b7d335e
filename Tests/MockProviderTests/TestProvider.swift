import Encoding
import HTTPTypes
import Headers
import MockProvider
import Synchronization
import Web

/// A provider with a clock that the test moves, asked without a network.
final class TestProvider: Sendable {
    static let redirectURI = "https://app.test/oauth2/callback"
    static let issuer = "https://provider.test"
    static let verifier = String(repeating: "v", count: 43)

    private let time = Time()
    private let responder: MockResponder

    init(_ change: (inout MockSettings) -> Void = { _ in }) throws {
        var settings = MockSettings(
            issuer: Self.issuer,
            clients: [
                RegisteredClient(id: "client", secret: "s3cret"),
                RegisteredClient(id: "other", secret: "0ther"),
                RegisteredClient(id: "public", secret: nil),
            ], redirectURIs: [Self.redirectURI])
        settings.autoApprove = true
        change(&settings)
        responder = try MockResponder(
            SimulatedProvider(
                settings: settings,
                surroundings: Surroundings(
                    now: { [time] in time.now }, randomBytes: Surroundings.system.randomBytes,
                    wait: { [time] in time.advance(by: Int64($0)) })))
    }

    func advance(seconds: Int64) { time.advance(by: seconds * 1_000) }

    private final class Time: Sendable {
        private let milliseconds = Mutex<Int64>(1_707_472_800_000)
        var now: Int64 { milliseconds.withLock { $0 } }
        func advance(by interval: Int64) { milliseconds.withLock { $0 += interval } }
    }

    func ask(
        _ method: HTTPRequest.Method, _ target: String, _ headers: HeaderFields = [:],
        _ body: String = ""
    ) throws -> Answer {
        Answer(
            try responder.respond(
                to: Request(
                    method: method, target: target, headers: headers, body: BytesBody(body))))
    }

    /// A POST of a form.
    func post(
        _ path: String, _ fields: [(String, String)], _ headers: HeaderFields = [:]
    ) throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try ask(.post, path, headers, Form(fields.map { Form.Field($0.0, $0.1) }).encoded)
    }

    /// An authorization request that is in order, but for what is changed: an empty text takes a
    /// parameter out.
    func authorize(_ changes: [String: String] = [:], client: String = "client") throws -> Answer {
        var parameters = [
            "response_type": "code", "client_id": client, "redirect_uri": Self.redirectURI,
            "scope": "files.read", "state": "xyz", "code_challenge": Text.s256(Self.verifier),
            "code_challenge_method": "S256",
        ]
        parameters.merge(changes) { $1 }
        let fields = parameters.filter { !$0.value.isEmpty }.map { Form.Field($0.key, $0.value) }
        return try ask(.get, "/authorize?" + Form(fields).encoded)
    }

    func code(_ changes: [String: String] = [:], client: String = "client") throws -> String {
        try authorize(changes, client: client).parameter("code") ?? ""
    }

    /// A token request of the confidential client, but for what is changed.
    func exchange(_ code: String, _ changes: [String: String] = [:]) throws -> Answer {
        var fields = [
            "grant_type": "authorization_code", "code": code, "redirect_uri": Self.redirectURI,
            "code_verifier": Self.verifier, "client_id": "client", "client_secret": "s3cret",
        ]
        fields.merge(changes) { $1 }
        return try post("/token", fields.filter { !$0.value.isEmpty }.map { ($0.key, $0.value) })
    }

    func tokens() throws -> Answer { try exchange(try code()) }

    func refresh(_ token: String, _ changes: [String: String] = [:]) throws -> Answer {
        try exchange(
            "",
            [
                "grant_type": "refresh_token", "refresh_token": token, "redirect_uri": "",
                "code_verifier": "",
            ].merging(changes) { $1 })
    }

    /// The status of a call to the API with that access token.
    func call(_ accessToken: String) throws -> Int {
        try ask(.get, "/api/files", [.authorization: "Bearer \(accessToken)"]).status
    }

    func counter(_ event: String) throws -> Int {
        try ask(.get, "/control/counters").json[event]?.intValue ?? 0
    }

    func order(_ path: String, _ json: String) throws -> Answer {
        try ask(.post, "/control/\(path)", [:], json)
    }
}
