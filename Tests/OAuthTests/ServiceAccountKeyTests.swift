import Encoding
import OAuth
import Testing

@Suite struct ServiceAccountKeyTests {
    private func file(_ changes: [String: JSONValue?] = [:]) -> [UInt8] {
        var members: [String: JSONValue] = [
            "type": "service_account", "project_id": "p", "private_key_id": "key-1",
            "private_key": .string(Keys.rsa + "\n"),
            "client_email": "robot@p.iam.gserviceaccount.com", "client_id": "1",
            "token_uri": "https://oauth2.googleapis.com/token",
        ]
        for (name, value) in changes { members[name] = value }
        return JSONValue.object(members.map { ($0.key, $0.value) }).encoded()
    }

    private func refusal(_ json: [UInt8]) -> String {
        let error = failure { _ = try ServiceAccountKey(json: json) }
        guard case .badKey(let text) = error else {
            Issue.record("no refusal but \(String(describing: error))")
            return ""
        }
        return text
    }

    @Test func `Google's file is read, and gives assertions that Google takes`() throws {
        let key = try ServiceAccountKey(json: file())
        #expect(key.email == "robot@p.iam.gserviceaccount.com")
        #expect(key.keyID == "key-1")
        #expect(key.tokenEndpoint == "https://oauth2.googleapis.com/token")
        #expect(key.signingKey.algorithm == .rs256)
        let assertion = key.assertion(scope: "https://www.googleapis.com/auth/drive")
        #expect(assertion.issuer == key.email)
        #expect(assertion.audience == key.tokenEndpoint)
        #expect(assertion.subject == nil)
        #expect(key.assertion(scope: nil, subject: "alice@p.test").subject == "alice@p.test")
    }

    @Test(arguments: [
        (#"{"installed":{"client_id":"1","client_secret":"canary"}}"#, "an OAuth client's secret"),
        (#"{"web":{"client_id":"1","client_secret":"canary"}}"#, "an OAuth client's secret"),
        (#"{"type":"authorized_user","refresh_token":"canary"}"#, "a person's own login"),
        (#"{"type":"external_account","token_url":"canary"}"#, "workload identity"),
        (#"{"type":"canary"}"#, "not the JSON key file"), ("{}", "not the JSON key file"),
        ("[]", "not the JSON key file"), ("canary", "not the JSON key file"), ("", "not the JSON"),
    ])
    func `another file is refused for what it is`(json: String, reason: String) {
        let text = refusal(Array(json.utf8))
        #expect(text.contains(reason))
        #expect(!text.contains("canary"))
    }

    @Test(arguments: ["client_email", "private_key", "token_uri"])
    func `a part that is missing is named`(name: String) {
        #expect(refusal(file([name: nil])).contains("no \(name)"))
        #expect(refusal(file([name: ""])).contains("no \(name)"))
        #expect(refusal(file([name: 7])).contains("no \(name)"))
    }

    @Test(arguments: ["http://oauth2.googleapis.com/token", "/token", "https://x y", "file:///x"])
    func `a token endpoint that is no https URL is refused`(url: String) {
        #expect(refusal(file(["token_uri": .string(url)])).contains("token_uri"))
    }

    @Test func `a private key that can't be used is refused as elsewhere`() {
        #expect(refusal(file(["private_key": "s3cret"])).contains("it is no PEM text"))
        #expect(refusal(file(["private_key": .string(Keys.encrypted)])).contains("encrypted"))
    }

    @Test func `a file that is far too long is not read`() {
        #expect(refusal(file() + [UInt8](repeating: 0x20, count: 100_000)).contains("not the JSON"))
    }

    @Test func `it shows nothing of the key (SECURITY 26)`() throws {
        let key = try ServiceAccountKey(json: file())
        var dumped = ""
        dump(key, to: &dumped)
        #expect(dumped.contains("robot@"))
        #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("MII"))
    }
}
