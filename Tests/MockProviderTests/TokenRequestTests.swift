import Foundation
import HTTPTypes
import Headers
import MockProvider
import Testing

@Suite struct TokenRequestTests {
    private let provider: TestProvider
    private static let form: HeaderFields = [.contentType: "application/x-www-form-urlencoded"]

    init() throws {
        provider = try TestProvider()
    }

    private func basic(_ credentials: String) -> HeaderFields {
        [.authorization: "Basic \(Data(credentials.utf8).base64EncodedString())"]
    }

    private func clientCredentials(_ headers: HeaderFields) throws -> Answer {
        try provider.post("/token", [("grant_type", "client_credentials")], headers)
    }

    @Test func `only POST is taken`() throws {
        let answer = try provider.ask(.get, "/token?grant_type=client_credentials")
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == "POST")
    }

    @Test func `parameters in the URL are refused`() throws {
        let answer = try provider.ask(
            .post, "/token?client_secret=s3cret", Self.form,
            "grant_type=client_credentials&client_id=client")
        #expect(answer.error == "invalid_request")
    }

    @Test(arguments: ["application/json", "text/plain", "multipart/form-data", ""])
    func `any body but a form is refused`(contentType: String) throws {
        let headers: HeaderFields = contentType.isEmpty ? [:] : [.contentType: contentType]
        let answer = try provider.ask(
            .post, "/token", headers,
            "grant_type=client_credentials&client_id=client&client_secret=s3cret")
        #expect(answer.error == "invalid_request")
    }

    @Test(arguments: [
        "grant_type=client_credentials&client_id=client&client_secret=s3cret&client_id=client",
        "grant_type=client_credentials&grant_type=client_credentials&client_id=client"
            + "&client_secret=s3cret",
        "client_id=client&client_secret=s3cret",
        "grant_type=&client_id=client&client_secret=s3cret",
        "grant_type=%zz&client_id=client&client_secret=s3cret",
    ])
    func `a parameter that is doubled, missing, empty or malformed is refused`(
        body: String
    ) throws {
        let answer = try provider.ask(.post, "/token", Self.form, body)
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_request")
    }

    @Test func `a grant that is not known is named as such`() throws {
        let answer = try provider.exchange("", ["grant_type": "password"])
        #expect(answer.error == "unsupported_grant_type")
    }

    @Test(arguments: ["client:s3cret", "cli%65nt:s3cr%65t"])
    func `Basic credentials are form-encoded`(credentials: String) throws {
        #expect(try clientCredentials(basic(credentials)).status == 200)
    }

    @Test(arguments: ["client:wrong", "client:", "client", "nobody:s3cret", "public:"])
    func `a client that does not prove itself is a 401 with a challenge`(
        credentials: String
    ) throws {
        let answer = try clientCredentials(basic(credentials))
        #expect(answer.status == 401)
        #expect(answer.error == "invalid_client")
        #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
    }

    @Test func `a client authenticates in one way`() throws {
        let fields = [("grant_type", "client_credentials"), ("client_secret", "s3cret")]
        #expect(
            try provider.post("/token", fields, basic("client:s3cret")).error == "invalid_request")
        let others = [("grant_type", "client_credentials"), ("client_id", "other")]
        #expect(
            try provider.post("/token", others, basic("client:s3cret")).error == "invalid_request")
    }

    @Test func `a provider can insist on one way`() throws {
        let provider = try TestProvider { $0.clientAuthentication = .basic }
        let fields = [("grant_type", "client_credentials")]
        #expect(
            try provider.post(
                "/token", fields + [("client_id", "client"), ("client_secret", "s3cret")]
            ).error == "invalid_client")
        #expect(try provider.post("/token", fields, basic("client:s3cret")).status == 200)
    }

    @Test func `client credentials give no refresh token, and none to a public client`() throws {
        let answer = try clientCredentials(basic("client:s3cret"))
        #expect(answer.json["refresh_token"] == nil)
        #expect(try provider.call(answer.accessToken) == 200)
        let fields = [("grant_type", "client_credentials"), ("client_id", "public")]
        #expect(try provider.post("/token", fields).error == "unauthorized_client")
    }
}
