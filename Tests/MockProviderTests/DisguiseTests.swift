import Encoding
import HTTPTypes
import Headers
import MockProvider
import Testing

/// Entries as a catalogue has them, each with what is peculiar about it.
@Suite struct DisguiseTests {
    private typealias Played = DisguisedProvider

    @Test func `Slack nests the user's token, separates scopes by commas and errs with 200`()
        throws
    {
        let entry = """
            {"authUri": "https://slack.com/oauth/v2/authorize",
             "tokenUri": "https://slack.com/api/oauth.v2.access",
             "apiBaseUri": "https://slack.com/api", "scope": "users:read team:read",
             "scopeSeparator": ",", "scopeParameter": "user_scope",
             "tokenResponse": {"at": "authed_user", "tokenTypes": ["user"],
                               "failure": {"member": "ok", "is": "false"}}}
            """
        let slack = try Played(entry)
        let wrong = try slack.authorize(
            "https://slack.com/oauth/v2/authorize", [("user_scope", "users:read team:read")])
        #expect(wrong.status == 400)
        #expect(try slack.brokenRules().first?.hasPrefix("scope, scopeSeparator") == true)
        let code = try slack.authorize(
            "https://slack.com/oauth/v2/authorize", [("user_scope", "users:read,team:read")]
        ).parameter("code")
        let tokenURI = "https://slack.com/api/oauth.v2.access"
        let answer = try slack.post(tokenURI, Played.redeeming(code) + Played.proof)
        #expect(answer.json["ok"] == true)
        #expect(answer.json["access_token"] == nil)
        let user = answer.json["authed_user"]
        #expect(user?["token_type"] == "user")
        #expect(user?["scope"] == "users:read,team:read")
        let token = try #require(user?["access_token"]?.stringValue)
        #expect(
            try slack.ask(
                .get, "https://slack.com/api/users.list", [.authorization: "Bearer \(token)"]
            )
            .status == 200)
        let refused = try Played(entry, order: #", "rejectsClient": true"#)
            .post(tokenURI, Played.redeeming("code") + Played.proof)
        #expect(refused.status == 200)
        #expect(refused.json["ok"] == false)
        #expect(refused.error == "invalid_client")
    }

    @Test func `Salesforce says with the token where its API is, and never when it ends`() throws {
        let salesforce = try Played(
            """
            {"authUri": "https://login.salesforce.com/services/oauth2/authorize",
             "tokenUri": "https://login.salesforce.com/services/oauth2/token",
             "apiBaseUri": "{instanceUrl}/services/data/v60.0", "tokenResponse": {"lifetime": 7200},
             "refresh": {"rotation": "fixed"},
             "connectionData": {"instanceUrl": {"from": "token", "name": "instance_url",
                 "example": "https://acme.my.salesforce.com"}}}
            """)
        let uri = "https://login.salesforce.com/services/oauth2/"
        let code = try salesforce.authorize(uri + "authorize", []).parameter("code")
        let answer = try salesforce.post(uri + "token", Played.redeeming(code) + Played.proof)
        #expect(answer.json["instance_url"] == "https://acme.my.salesforce.com")
        #expect(answer.json["expires_in"] == nil)
        let renewed = try salesforce.post(
            uri + "token", Played.renewing(answer.refreshToken) + Played.proof)
        #expect(renewed.json["refresh_token"] == nil)
        let again = try salesforce.post(
            uri + "token", Played.renewing(answer.refreshToken) + Played.proof)
        #expect(again.refreshToken == answer.refreshToken)
        let bearer: HeaderFields = [.authorization: "Bearer \(renewed.accessToken)"]
        let api = "https://acme.my.salesforce.com/services/data/v60.0"
        #expect(try salesforce.ask(.get, api + "/sobjects", bearer).status == 200)
        #expect(try salesforce.ask(.get, api + "x/sobjects", bearer).status == 400)
        #expect(try salesforce.brokenRules() == ["URLs: the entry has nothing at this address"])
        try salesforce.expire()
        #expect(try salesforce.ask(.get, api + "/sobjects", bearer).status == 401)
    }

    @Test func `Square tells a moment, and takes JSON`() throws {
        let square = try Played(
            """
            {"authUri": "https://connect.squareup.com/oauth2/authorize",
             "tokenUri": "https://connect.squareup.com/oauth2/token", "tokenFormat": "json",
             "apiBaseUri": "https://connect.squareup.com/v2",
             "authorizationParameters": {"session": "false"},
             "tokenResponse": {"expiresAt": "expires_at"},
             "revocationUri": "https://connect.squareup.com/oauth2/revoke",
             "revocation": {"tokens": ["access_token"], "in": "json", "name": "access_token",
                 "authentication": "none", "headers": {"Authorization": "Client {clientSecret}"},
                 "parameters": {"client_id": "{clientId}"}}}
            """)
        let uri = "https://connect.squareup.com/oauth2/"
        #expect(try square.authorize(uri + "authorize", []).status == 400)
        let code = try square.authorize(uri + "authorize", [("session", "false")])
            .parameter("code")
        let fields = Played.redeeming(code) + Played.proof
        #expect(try square.post(uri + "token", fields).status == 400)
        let json = JSONValue.object(fields.map { ($0.0, .string($0.1)) }).encoded()
        let answer = try square.post(
            json: String(decoding: json, as: UTF8.self), uri + "token")
        #expect(answer.json["expires_at"] == "2024-02-09T11:00:00Z")
        #expect(answer.json["expires_in"] == nil)
        let revocation = #"{"access_token": "\#(answer.accessToken)", "client_id": "client+id.1"}"#
        #expect(try square.post(json: revocation, uri + "revoke").status == 400)
        let proof: HeaderFields = [.authorization: "Client \(Played.clientSecret)"]
        #expect(try square.post(json: revocation, uri + "revoke", proof).status == 200)
        #expect(try square.revoked() == ["access_token"])
    }

    @Test func `Notion wants Basic, JSON and a fixed header, and gives a refresh token once`()
        throws
    {
        let notion = try Played(
            """
            {"authUri": "https://api.notion.com/v1/oauth/authorize",
             "tokenUri": "https://api.notion.com/v1/oauth/token", "tokenFormat": "json",
             "clientAuthentication": "basic", "apiBaseUri": "https://api.notion.com/v1",
             "tokenHeaders": {"Notion-Version": "2022-06-28"},
             "headers": {"Notion-Version": "2022-06-28"}, "refresh": {"rotation": "single-use"}}
            """)
        let version = try #require(HTTPField.Name("Notion-Version"))
        let uri = "https://api.notion.com/v1/oauth/"
        let code = try notion.authorize(uri + "authorize", []).parameter("code") ?? ""
        let body = """
            {"grant_type": "authorization_code", "code": "\(code)",
             "redirect_uri": "\(Played.callback)", "code_verifier": "\(TestProvider.verifier)"}
            """
        func redeem(_ headers: HeaderFields) throws -> Answer {
            try notion.post(json: body, uri + "token", headers)
        }
        #expect(try redeem([.authorization: Played.basic]).status == 400)
        #expect(
            try redeem([.authorization: Played.basicUnencoded, version: "2022-06-28"]).status == 400
        )
        #expect(
            try notion.brokenRules().map { $0.prefix { $0 != ":" } }
                == ["tokenHeaders", "clientAuthentication"])
        let proof: HeaderFields = [.authorization: Played.basic, version: "2022-06-28"]
        let answer = try redeem(proof)
        let renewal =
            #"{"grant_type": "refresh_token", "refresh_token": "\#(answer.refreshToken)"}"#
        let renewed = try notion.post(json: renewal, uri + "token", proof)
        #expect(renewed.status == 200)
        #expect(renewed.refreshToken != answer.refreshToken)
        let bearer: HeaderFields = [.authorization: "Bearer \(renewed.accessToken)"]
        #expect(try notion.ask(.get, "https://api.notion.com/v1/users", bearer).status == 400)
        var versioned = bearer
        versioned[version] = "2022-06-28"
        #expect(try notion.ask(.get, "https://api.notion.com/v1/users", versioned).status == 200)
        #expect(try notion.post(json: renewal, uri + "token", proof).status == 400)
        #expect(try notion.brokenRules().last?.hasPrefix("refresh.rotation") == true)
        #expect(try notion.ask(.get, "https://api.notion.com/v1/users", versioned).status == 401)
    }

    @Test func `Shopify signs what the browser brings back, at the shop's own host`() throws {
        let shopify = try Played(
            """
            {"authUri": "https://{shop}.myshopify.com/admin/oauth/authorize",
             "tokenUri": "https://{shop}.myshopify.com/admin/oauth/access_token",
             "apiBaseUri": "https://{shop}.myshopify.com/admin/api/2024-10", "pkce": false,
             "callbackSignature": {"parameter": "hmac"},
             "credentialPlacement": {"in": "header", "name": "X-Shopify-Access-Token", "prefix": ""},
             "refresh": {"rotation": "none"},
             "connectionData": {"shop": {"from": "user", "example": "other"},
                                "shopName": {"from": "callback", "name": "shop",
                                             "example": "acme.myshopify.com"}}}
            """, order: #", "data": {"shop": "acme"}"#)
        let uri = "https://acme.myshopify.com/admin/oauth/"
        #expect(try shopify.authorize(uri + "authorize", []).status == 400)
        let answer = try shopify.ask(
            .get,
            uri + "authorize?response_type=code&client_id=client%2Bid.1&state=xyz&redirect_uri="
                + PercentEncoding.encode(Played.callback))
        #expect(answer.parameter("shop") == "acme.myshopify.com")
        let code = try #require(answer.parameter("code"))
        // RFC 4231 §4.3: that the function is right.
        #expect(
            Text.hmac("what do ya want for nothing?", key: "Jefe")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let signed =
            "code=\(code)&shop=acme.myshopify.com&state=xyz&timestamp=1700000000"
        #expect(answer.parameter("hmac") == Text.hmac(signed, key: Played.clientSecret))
        let tokens = try shopify.post(
            uri + "access_token",
            Played.redeeming(code).filter { $0.0 != "code_verifier" } + Played.proof)
        #expect(tokens.json["refresh_token"] == nil)
        let header = try #require(HTTPField.Name("X-Shopify-Access-Token"))
        let api = "https://acme.myshopify.com/admin/api/2024-10/shop.json"
        #expect(try shopify.ask(.get, api, [header: tokens.accessToken]).status == 200)
        #expect(
            try shopify.ask(.get, api, [.authorization: "Bearer \(tokens.accessToken)"]).status
                == 400)
    }

    @Test func `GitHub ends a grant by a DELETE with Basic`() throws {
        let github = try Played(
            """
            {"authUri": "https://github.com/login/oauth/authorize",
             "tokenUri": "https://github.com/login/oauth/access_token",
             "apiBaseUri": "https://api.github.com",
             "revocationUri": "https://api.github.com/applications/{clientId}/grant",
             "revocation": {"method": "DELETE", "tokens": ["access_token"], "in": "json",
                            "name": "access_token", "authentication": "basic"}}
            """)
        let uri = "https://github.com/login/oauth/"
        let code = try github.authorize(uri + "authorize", []).parameter("code")
        let token = try github.post(uri + "access_token", Played.redeeming(code) + Played.proof)
            .accessToken
        let revocationURI = "https://api.github.com/applications/client%2Bid.1/grant"
        let body = #"{"access_token": "\#(token)"}"#
        let proof: HeaderFields = [.authorization: Played.basic, .contentType: "application/json"]
        #expect(try github.ask(.post, revocationURI, proof, body).status == 400)
        #expect(
            try github.ask(.delete, revocationURI, [.contentType: "application/json"], body).status
                == 400)
        #expect(try github.brokenRules().count == 2)
        #expect(try github.revoked().isEmpty)
        #expect(try github.ask(.delete, revocationURI, proof, body).status == 200)
        #expect(try github.revoked() == ["access_token"])
        #expect(
            try github.ask(.get, "https://api.github.com/user", [.authorization: "Bearer \(token)"])
                .status == 401)
    }

    @Test func `Strava separates scopes by commas and tells both a lifetime and a moment`() throws {
        let strava = try Played(
            """
            {"authUri": "https://www.strava.com/oauth/authorize",
             "tokenUri": "https://www.strava.com/api/v3/oauth/token",
             "apiBaseUri": "https://www.strava.com/api/v3", "scope": "read activity:read",
             "scopeSeparator": ",", "tokenResponse": {"expiresAt": "expires_at"},
             "revocationUri": "https://www.strava.com/oauth/deauthorize",
             "revocation": {"tokens": ["access_token"], "name": "access_token",
                            "authentication": "none"}}
            """)
        let authURI = "https://www.strava.com/oauth/authorize"
        let scope = [("scope", "read,activity:read")]
        #expect(try strava.authorize(authURI, [("scope", "read activity:read")]).status == 400)
        #expect(try strava.authorize(authURI, scope + [("approval", "1")]).status == 400)
        let code = try strava.authorize(authURI, scope).parameter("code")
        // An address below the API's that is the token endpoint all the same.
        let tokenURI = "https://www.strava.com/api/v3/oauth/token"
        let tokens = try strava.post(tokenURI, Played.redeeming(code) + Played.proof)
        #expect(tokens.json["scope"] == "read,activity:read")
        let renewed = try strava.post(
            tokenURI, Played.renewing(tokens.refreshToken) + Played.proof)
        #expect(renewed.json["expires_at"]?.intValue == 1_707_472_800 + 3_600)
        let revocationURI = "https://www.strava.com/oauth/deauthorize"
        #expect(
            try strava.post(revocationURI, [("access_token", tokens.accessToken)]).status == 400)
        #expect(
            try strava.post(revocationURI, [("access_token", renewed.accessToken)]).status == 200)
    }

    @Test func `Mailchimp is asked where the API is, with a prefix of its own`() throws {
        let mailchimp = try Played(
            """
            {"authUri": "https://login.mailchimp.com/oauth2/authorize",
             "tokenUri": "https://login.mailchimp.com/oauth2/token",
             "apiBaseUri": "https://{dc}.api.mailchimp.com/3.0", "refresh": {"rotation": "none"},
             "lookup": {"uri": "https://login.mailchimp.com/oauth2/metadata", "prefix": "OAuth "},
             "connectionData": {
                 "dc": {"from": "lookup", "example": "us6"},
                 "account": {"from": "lookup", "name": "accounts[is_default=true][0].id",
                             "example": "4711"},
                 "accountName": {"from": "lookup", "name": "accounts[is_default=true][0].name",
                                 "example": "Acme"}}}
            """)
        let uri = "https://login.mailchimp.com/oauth2/"
        let code = try mailchimp.authorize(uri + "authorize", []).parameter("code")
        let token = try mailchimp.post(uri + "token", Played.redeeming(code) + Played.proof)
            .accessToken
        #expect(
            try mailchimp.ask(.get, uri + "metadata", [.authorization: "Bearer \(token)"]).status
                == 401)
        let found = try mailchimp.ask(
            .get, uri + "metadata", [.authorization: "OAuth \(token)"])
        #expect(found.json["dc"] == "us6")
        let accounts = try #require(found.json["accounts"]?.elements)
        let chosen = accounts.filter { $0["is_default"] == true }
        #expect(accounts.count == 2)
        #expect(chosen == [["is_default": true, "id": 4711, "name": "Acme"]])
        #expect(
            try mailchimp.ask(
                .get, "https://us6.api.mailchimp.com/3.0/lists",
                [.authorization: "Bearer \(token)"]
            ).status == 200)
    }

    @Test func `a key stands where the entry says, and nowhere else`() throws {
        let keyed = try Played(
            """
            {"authType": "apikey", "apiBaseUri": "https://{subdomain}.freshdesk.com/api/v2",
             "credentialPlacement": {"in": "basic", "username": "{credential}", "password": "X"},
             "connectionData": {"subdomain": {"from": "user", "example": "acme"}}}
            """, order: #", "credential": "k3y""#)
        let url = "https://acme.freshdesk.com/api/v2/tickets"
        func call(_ text: String) throws -> Int {
            try keyed.ask(.get, url, [.authorization: "Basic " + Text.base64(text.utf8)]).status
        }
        #expect(try call("k3y:X") == 200)
        #expect(try call("k3y:Y") == 401)
        #expect(try keyed.ask(.get, url).status == 400)
        #expect(try keyed.ask(.get, url + "?api_key=k3y").status == 400)
    }

    @Test func `a service account signs for the token endpoint, the scope among its claims`() throws
    {
        let signer = Signer()
        let key = String(decoding: JSONValue.string(signer.publicKey).encoded(), as: UTF8.self)
        let google = try Played(
            """
            {"grant": "jwt_bearer", "tokenUri": "https://oauth2.googleapis.com/token",
             "apiBaseUri": "https://www.googleapis.com", "scope": "drive"}
            """, order: #", "publicKey": \#(key)"#)
        func ask(_ changes: [String: JSONValue?], by signer: Signer) throws -> Int {
            let claims = Signer.claims([
                "iss": .string(Played.clientID), "sub": nil, "scope": "drive",
                "aud": "https://oauth2.googleapis.com/token",
            ]).merging(Signer.claims(changes).filter { changes.keys.contains($0.key) }) { $1 }
            return try google.post(
                "https://oauth2.googleapis.com/token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                    ("assertion", try signer.token(claims)),
                ]
            ).status
        }
        #expect(try ask([:], by: signer) == 200)
        #expect(try ask([:], by: Signer()) == 400)
        #expect(try ask(["aud": "https://www.googleapis.com"], by: signer) == 400)
        #expect(try ask(["scope": "drive mail"], by: signer) == 400)
        #expect(try ask(["sub": "alice"], by: signer) == 400)
        #expect(try ask(["exp": .integer(Signer.now + 3_601)], by: signer) == 400)
        // By the provider's clock, and not by what the assertion says of itself.
        #expect(
            try ask(
                ["iat": .integer(Signer.now - 7_200), "exp": .integer(Signer.now - 3_601)],
                by: signer) == 400)
        #expect(try ask(["iat": .integer(Signer.now + 60)], by: signer) == 400)
        #expect(try ask(["iat": "now"], by: signer) == 400)
        #expect(try google.brokenRules().count == 8)
        #expect(try ask(["jti": "once"], by: signer) == 200)
        #expect(try ask(["jti": "once"], by: signer) == 400)
    }

    @Test func `a client's assertion is for the issuer alone, and taken once`() throws {
        let signer = Signer()
        let key = String(decoding: JSONValue.string(signer.publicKey).encoded(), as: UTF8.self)
        func ask(_ issuer: String, audience: String, id: String...) throws -> [Int] {
            let robot = try Played(
                """
                {"grant": "client_credentials", "clientAuthentication": "private_key_jwt",
                 "tokenUri": "https://id.test/token", "apiBaseUri": "https://api.test"\(issuer)}
                """, order: #", "publicKey": \#(key)"#)
            return try id.map { id in
                let claims = Signer.claims(
                    [
                        "iss": .string(Played.clientID), "sub": .string(Played.clientID),
                        "aud": .string(audience),
                    ], id: id)
                return try robot.post(
                    "https://id.test/token",
                    [
                        ("grant_type", "client_credentials"),
                        (
                            "client_assertion_type",
                            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                        ), ("client_assertion", try signer.token(claims)),
                    ]
                ).status
            }
        }
        let issuer = #", "issuer": "https://id.test""#
        #expect(try ask(issuer, audience: "https://id.test", id: "1", "1", "2") == [200, 400, 200])
        #expect(try ask(issuer, audience: "https://id.test/token", id: "1") == [400])
        #expect(try ask("", audience: "https://id.test/token", id: "1") == [200])
    }

    @Test func `a grant that is gone is told in the entry's own words`() throws {
        let slack = try Played(
            """
            {"authUri": "https://slack.com/oauth/v2/authorize",
             "tokenUri": "https://slack.com/api/oauth.v2.access",
             "apiBaseUri": "https://slack.com/api",
             "tokenResponse": {"failure": {"member": "ok", "is": "false"}},
             "refresh": {"dead": [{"member": "error", "is": "invalid_refresh_token"}]}}
            """)
        let code = try slack.authorize("https://slack.com/oauth/v2/authorize", [])
            .parameter("code")
        let tokenURI = "https://slack.com/api/oauth.v2.access"
        let tokens = try slack.post(tokenURI, Played.redeeming(code) + Played.proof)
        try slack.expire(refreshTokens: true)
        let answer = try slack.post(
            tokenURI, Played.renewing(tokens.refreshToken) + Played.proof)
        #expect(answer.status == 200)
        #expect(answer.json["ok"] == false)
        #expect(answer.error == "invalid_refresh_token")
        #expect(try slack.brokenRules().isEmpty)
    }

    private static let plain = """
        {"authUri": "https://id.test/authorize", "tokenUri": "https://id.test/token",
         "apiBaseUri": "https://api.test", "scope": "read write", "scopeSeparator": ",",
         "tokenResponse": {"at": "user"}, "revocationUri": "https://id.test/revoke",
         "revocation": {"tokens": ["access_token"]}, "refresh": {"rotation": "fixed"}}
        """

    private func connect(
        _ provider: Played, _ headers: HeaderFields = [:]
    ) throws -> (callback: Answer, tokens: Answer) {
        let callback = try provider.authorize(
            "https://id.test/authorize", [("scope", "read,write")])
        let code = callback.parameter("code")
        return (
            callback,
            try provider.post(
                "https://id.test/token", Played.redeeming(code) + Played.proof, headers)
        )
    }

    private func tokens(_ answers: String) throws -> (callback: Answer, members: JSONValue) {
        let provider = try Played(Self.plain, order: #", "answers": \#(answers)"#)
        let answer = try connect(provider)
        return (answer.callback, try #require(answer.tokens.json["user"]))
    }

    @Test func `answers say when a token ends, or do not, as it was ordered`() throws {
        #expect(try tokens("{}").members["expires_in"] == 3600)
        for order in ["none", "moment"] {
            #expect(try tokens(#"{"expiry": "\#(order)"}"#).members["expires_in"] == nil)
        }
        #expect(try tokens(#"{"expiry": "none"}"#).members["expires_at"] == nil)
        #expect(try tokens(#"{"expiry": "zero"}"#).members["expires_in"] == 0)
        let both = try tokens(#"{"expiry": "both"}"#).members
        #expect(both["expires_at"] == "2024-02-09T11:00:00Z")
        #expect(both["expires_in"] == 3600)
        #expect(throws: Played.Refused.self) { try tokens(#"{"expiry": "never"}"#) }
        #expect(throws: Played.Refused.self) { try tokens(#"{"expires": "none"}"#) }
    }

    @Test func `answers hold the scope, the type and a refresh token as it was ordered`() throws {
        let usual = try tokens("{}").members
        #expect(usual["scope"] == "read,write")
        #expect(usual["token_type"] == "Bearer")
        #expect(usual["refresh_token"] != nil)
        #expect(try tokens(#"{"scope": "spaces"}"#).members["scope"] == "read write")
        #expect(try tokens(#"{"scope": "array"}"#).members["scope"] == ["read", "write"])
        #expect(try tokens(#"{"scope": "none"}"#).members["scope"] == nil)
        #expect(try tokens(#"{"granted": "read"}"#).members["scope"] == "read")
        let (callback, members) = try tokens(#"{"scope": "callback"}"#)
        #expect(callback.parameter("scope") == "read,write")
        #expect(members["scope"] == nil)
        #expect(try tokens(#"{"tokenType": "none"}"#).members["token_type"] == nil)
        #expect(try tokens(#"{"tokenType": "bot"}"#).members["token_type"] == "bot")
        #expect(try tokens(#"{"refreshTokens": "none"}"#).members["refresh_token"] == nil)
    }

    @Test func `only the first answer may be nested`() throws {
        let provider = try Played(Self.plain, order: #", "answers": {"nested": "first"}"#)
        let first = try connect(provider).tokens
        let token = try #require(first.json["user"]?["refresh_token"]?.stringValue)
        let renewed = try provider.post(
            "https://id.test/token", Played.renewing(token) + Played.proof)
        #expect(renewed.json["user"] == nil)
        #expect(renewed.accessToken.hasPrefix("disguised-at-"))
    }

    @Test func `who does not ask for JSON gets a form`() throws {
        let entry = Self.plain.replacing(#""tokenResponse": {"at": "user"}, "#, with: "")
        let answer = try connect(try Played(entry), [.accept: "*/*"]).tokens
        #expect(answer.headers[.contentType] == "application/x-www-form-urlencoded")
        #expect(answer.text.contains("&token_type=Bearer&"))
    }

    @Test func `an expired token cannot end its grant`() throws {
        let provider = try Played(Self.plain)
        let first = try connect(provider).tokens.json["user"]
        func revoke(_ token: JSONValue?) throws -> Int {
            try provider.post(
                "https://id.test/revoke",
                [("token", token?.stringValue ?? ""), ("token_type_hint", "access_token")]
                    + Played.proof
            ).status
        }
        try provider.expire()
        #expect(try revoke(first?["access_token"]) == 400)
        #expect(try provider.brokenRules().last?.hasPrefix("revocation.tokens") == true)
        let renewed = try provider.post(
            "https://id.test/token",
            Played.renewing(first?["refresh_token"]?.stringValue ?? "") + Played.proof)
        #expect(try revoke(renewed.json["user"]?["access_token"]) == 200)
    }

    @Test func `what was asked is listed as it was sent, without its secrets`() throws {
        let provider = try Played(Self.plain)
        let token = try #require(
            try connect(provider).tokens.json["user"]?["access_token"]?.stringValue)
        let called = try provider.ask(
            .get, "https://api.test/files?a=b%20c",
            [.authorization: "Bearer \(token)", .userAgent: "me", .contentType: "text/plain"])
        #expect(called.json["called"] == "GET https://api.test/files?a=b%20c")
        let calls = try provider.calls()
        #expect(calls.map { $0["for"] } == ["authorization", "token", "api"])
        #expect(calls.map { $0["authentication"] } == ["none", "post", "bearer"])
        #expect(calls.map { $0["format"] } == ["-", "form", "-"])
        #expect(calls[1]["accept"] == "application/json")
        #expect(calls[2]["headers"] == ["user-agent": "me"])
        let names = calls[1]["parameters"]?.elements?.compactMap { $0["name"]?.stringValue }
        #expect(names?.contains("code_verifier") == true)
        #expect(!"\(calls)".contains(Played.clientSecret))
        #expect(!"\(calls)".contains(token))
    }
}
