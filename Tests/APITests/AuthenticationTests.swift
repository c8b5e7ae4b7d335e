import Encoding
import HTTPTypes
import TestSupport
import Testing

struct AuthenticationTests {
    private let front: Front
    private let vouched = ["GRANTKEEPER_USER": "carol"]

    init() throws {
        front = try Front(trustsUserParameter: true)
    }

    /// Who is calling: the user and how that was shown, or the code of the refusal.
    private func who(
        _ headers: Front.Fields, _ parameters: [String: String] = [:], at front: Front? = nil
    ) throws -> String {
        let answer = try (front ?? self.front).ask(
            .get, "/grantkeeper/session", headers, parameters: parameters)
        guard answer.status == 200 else { return "\(answer.status)" }
        let user = answer.json["userId"]?.stringValue ?? ""
        let isSuperuser = answer.json["superuser"]?.boolValue == true
        return "\(isSuperuser ? "superuser " : "")\(user) by "
            + (answer.json["authenticatedBy"]?.stringValue ?? "")
    }

    @Test func `a key comes before what nginx says, and that before a cookie`() throws {
        let key = try front.key("alice")
        let session = try front.session("bob")
        #expect(try who(key + session, vouched) == "alice by apiKey")
        #expect(try who(session, vouched) == "carol by host")
        #expect(try who(session) == "bob by session")
        #expect(try who([]) == "401")
    }

    @Test func `one that is there and wrong is a 401, whatever else is there`() throws {
        let session = try front.session("bob")
        let wrong: Front.Fields = [("Authorization", "Bearer gk_wrong")]
        #expect(try who(wrong + session, vouched) == "401")
        #expect(try who(session, ["GRANTKEEPER_USER": "a\u{1}b"]) == "401")
        #expect(try who([("Cookie", "__Host-grantkeeper=wrong")]) == "401")
    }

    @Test(arguments: [
        "Basic YTpi", "Bearer of-the-host", "bearer ", "Bearer", "Negotiate abc", "gk_x",
        #"Digest username="a", realm="b, c", response="d""#, "",
    ])
    func `the host's own credentials are not ours to judge`(field: String) throws {
        let session = try front.session("bob")
        #expect(try who([("Authorization", field)] + session) == "bob by session")
        #expect(try who([("Authorization", field)]) == "401")
    }

    @Test(arguments: [
        "Basic YTpi, Bearer KEY", "Bearer KEY, Basic YTpi", "Bearer KEY,Bearer KEY",
        "Bearer KEY, bearer gk_other", #"Digest username="a", realm="b", Bearer KEY"#,
    ])
    func `two credentials are a 400, wherever they were made one field`(field: String) throws {
        let key = try front.key(isSuperuser: true)[0].value.dropFirst("Bearer ".count)
        #expect(try who([("Authorization", field.replacing("KEY", with: key))]) == "400")
    }

    @Test(arguments: [
        "X-User", "X-Remote-User", "Remote-User", "X-Forwarded-User",
        "X-Forwarded-Preferred-Username",
        "Grantkeeper-User", "GRANTKEEPER_USER", "GRANTKEEPER_SUPERUSER", "X-Grantkeeper-User",
        "HTTP_GRANTKEEPER_USER", "REMOTE_USER", "X-Auth-Request-User", "X-WebAuth-User",
        "X-Authenticated-User", "X-Goog-Authenticated-User-Email",
        "Cf-Access-Authenticated-User-Email",
    ])
    func `SECURITY 45: no header makes an identity`(name: String) throws {
        #expect(try who([(name, "admin")]) == "401")
        #expect(try who([(name, "admin")], vouched) == "carol by host")
        #expect(try who([(name, "admin")] + front.session("bob")) == "bob by session")
    }

    @Test func `what nginx says counts only where it is trusted to say it`() throws {
        let distrustful = try Front()
        #expect(try who([], vouched, at: distrustful) == "401")
        let session = try distrustful.session("bob")
        #expect(try who(session, vouched, at: distrustful) == "bob by session")
    }

    @Test(arguments: [
        ("", "carol"), ("0", "carol"), ("no", "carol"), ("TRUE", "carol"), ("1", "superuser carol"),
        ("true", "superuser carol"), ("on", "superuser carol"),
    ])
    func `nginx may vouch for a superuser`(value: String, expected: String) throws {
        let parameters = ["GRANTKEEPER_USER": "carol", "GRANTKEEPER_SUPERUSER": value]
        #expect(try who([], parameters) == "\(expected) by host")
        #expect(try who([], ["GRANTKEEPER_USER": "", "GRANTKEEPER_SUPERUSER": value]) == "401")
    }

    @Test func `only a superuser's key acts for a user, and with that user's rights`() throws {
        let onBehalf: Front.Fields = [("On-Behalf-Of", "bob")]
        #expect(try who(onBehalf + front.key("root", isSuperuser: true)) == "bob by apiKey")
        #expect(try who(onBehalf + front.key("alice")) == "403")
        #expect(try who(onBehalf + front.session("root", isSuperuser: true)) == "403")
        #expect(try who(onBehalf, vouched) == "403")
        #expect(try who(onBehalf) == "401")
        #expect(try who(onBehalf + [("Cookie", "__Host-grantkeeper=wrong")]) == "401")
    }

    @Test(arguments: [
        String(repeating: "a", count: 257), "bob, carol", "bob ,carol", "b\u{200B}ob",
        "\u{202E}bob",
        "jos\u{FFFD}", "bob\u{A0}",
    ])
    func `SECURITY 46: what cannot be a user's id is refused wherever it comes in`(
        name: String
    ) throws {
        let key = try front.key(isSuperuser: true)
        #expect(try who([("On-Behalf-Of", name)] + key) == "400")
        #expect(try who([("On-Behalf-Of", "")] + key) == "400")
        #expect(try who([], ["GRANTKEEPER_USER": name]) == "401")
        let json = JSONValue.object([("userId", .string(name))]).encoded()
        let session = try front.ask(
            .post, "/grantkeeper/sessions", key, json: String(decoding: json, as: UTF8.self))
        #expect(session.status == 400 && session.code == "invalid_user")
    }

    @Test(arguments: ["Alice B.", "cn=alice,ou=people", "josé", "jose\u{301}"])
    func `any other is usable wherever it comes in`(name: String) throws {
        #expect(
            try who([("On-Behalf-Of", name)] + front.key(isSuperuser: true)) == "\(name) by apiKey")
        #expect(try who([], ["GRANTKEEPER_USER": name]) == "\(name) by host")
        #expect(try who(front.session(name)) == "\(name) by session")
        #expect(try who(front.key(name)) == "\(name) by apiKey")
    }

    @Test func `SECURITY 46: a stored id that is refused by now lets no one in`() throws {
        let key = try front.key("old")
        let session = try front.session("old")
        try front.house.database().write { transaction in
            for table in ["session", "apiKey"] {
                try transaction.execute(
                    "UPDATE \(table) SET userId = :id WHERE userId = 'old'",
                    ["id": .text("jos\u{FFFD}")])
            }
        }
        #expect(try who(key) == "401")
        #expect(try who(session) == "401")
    }

    @Test func `a session ends when it has been idle, and when it is old`() throws {
        let session = try front.session("bob")
        for _ in 0..<30 {
            #expect(try who(session) == "bob by session")
            front.house.clock.advance(by: 6 * 3600)
            if front.house.clock.now.seconds >= 1_707_472_800 + 7 * 86_400 { break }
        }
        #expect(try who(session) == "401")
        let unused = try front.session("bob")
        front.house.clock.advance(by: 8 * 3600)
        #expect(try who(unused) == "401")
    }

    @Test func `an expired key is a 401, a revoked one too`() throws {
        let keys = front.house.keeper.apiKeys
        let (key, _) = try keys.create(
            userID: "a", isSuperuser: false, name: "t", expiresIn: .seconds(60))
        let header: Front.Fields = [("Authorization", "Bearer \(key)")]
        #expect(try who(header) == "a by apiKey")
        front.house.clock.advance(by: 60)
        #expect(try who(header) == "401")
        let (other, stored) = try keys.create(userID: "a", isSuperuser: false, name: "t")
        #expect(try keys.revoke(id: stored.id))
        #expect(try who([("Authorization", "Bearer \(other)")]) == "401")
    }
}
