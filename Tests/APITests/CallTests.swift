import Encoding
import HTTPTypes
import TestSupport
import Testing

/// Calls as they are asked for, in both forms.
struct CallTests {
    private let front: Front

    init() throws {
        front = try Front()
        try front.house.addDrive()
        try front.house.connect()
    }

    private static let path = "/api/integrations/drive/request"

    private var sent: [SentRequest] { front.house.network.sent(to: "https://api.test") }

    /// A call in the JSON form.
    private func call(_ members: String) throws -> Front.Answer {
        try front.ask(
            .post, Self.path, front.session(), json: #"{"url": "/x", \#(members)}"#)
    }

    @Test(arguments: ["PROPFIND", "REPORT", "QUERY", "MKCOL", "M-SEARCH", "GRAB", "LOCK"])
    func `a call may have any method`(name: String) throws {
        let method = try #require(HTTPRequest.Method(name))
        #expect(try front.ask(method, Self.path + "/x", front.session()).status == 200)
        #expect(try front.ask(method, Self.path, front.session()).status == 200)
        #expect(try call(#""method": "\#(name.lowercased())""#).status == 200)
        #expect(sent.map(\.method) == [method, method, method])
    }

    @Test(arguments: [
        "CONNECT", "TRACE", "TRACK", "trace", String(repeating: "A", count: 65),
    ])
    func `but those that are not for APIs, or are endless (SECURITY 33)`(name: String) throws {
        let method = try #require(HTTPRequest.Method(name))
        #expect(try front.ask(method, Self.path + "/x", front.session()).status == 405)
        #expect(try front.ask(method, Self.path, front.session()).status == 405)
        #expect(try call(#""method": "\#(name)""#).code == "invalid_request")
        #expect(sent.isEmpty)
    }

    @Test func `a method of letters outside ASCII is none, whatever they become in capitals`()
        throws
    {
        for name in ["ſearch", "lınk", "ß"] {
            #expect(try call(#""method": "\#(name)""#).code == "invalid_request")
        }
    }

    @Test(arguments: [
        HTTPRequest.Method.get, .head, .put, .delete, HTTPRequest.Method("PROPFIND")!,
    ])
    func `without a path the base itself is called`(method: HTTPRequest.Method) throws {
        for (end, query) in [("", ""), ("/", ""), ("?a=1", "?a=1"), ("/?a=1", "?a=1")] {
            #expect(try front.ask(method, Self.path + end, front.session()).status == 200)
            #expect(sent.last?.url == "https://api.test/v3" + query)
        }
        #expect(try front.ask(.post, Self.path + "/", front.session()).status == 200)
        #expect(sent.last?.url == "https://api.test/v3")
    }

    @Test func `without a path a page of another site calls nothing`() throws {
        for method in [HTTPRequest.Method.get, .delete, HTTPRequest.Method("PROPFIND")!] {
            let answer = try front.ask(
                method, Self.path, [("Sec-Fetch-Site", "cross-site")] + front.session())
            #expect(answer.code == "cross_site")
        }
        #expect(sent.isEmpty)
    }

    @Test func `what was not forwarded is told, and what the API says of that is not`() throws {
        front.house.network.answer("https://api.test") { _ in
            FakeAnswer(headers: [.init("Grantkeeper-Dropped-Headers")!: "x-forged"])
        }
        let field = "Grantkeeper-Dropped-Headers"
        let told = try front.ask(.get, Self.path + "/x", [("X-Mine", "1")] + front.session())
        #expect(told.field(field) == "x-mine")
        #expect(try front.ask(.get, Self.path + "/x", front.session()).field(field) == nil)
        #expect(try call(#""headers": {"X-Mine": "1"}"#).field(field) == nil)
    }

    @Test(arguments: ["Grantkeeper-Forward-X-Mine", "Grantkeeper-Follow-Redirects"])
    func `fields of the path form are not passed over in the JSON form`(name: String) throws {
        let answer = try front.ask(
            .post, Self.path, [(name, "true")] + front.session(), json: #"{"url": "/x"}"#)
        #expect(answer.code == "invalid_header")
        #expect(sent.isEmpty)
    }

    @Test(arguments: [#""yes""#, "1", "[]"])
    func `redirects are followed, or not`(value: String) throws {
        #expect(try call(#""followRedirects": \#(value)"#).code == "invalid_request")
        #expect(try call(#""followRedirects": null"#).status == 200)
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "application/xml",
        "application/octet-stream", "application/x-ndjson", "application/json-seq", "json", "",
        "application/x-www-form-urlencodedx", "application/jsonp",
    ])
    func `data that is no text is not sent under a label that it is not`(type: String) throws {
        for data in [#"{"a": 1}"#, "[1]", "7", "true"] {
            let answer = try call(
                #""method": "POST", "headers": {"content-type": "\#(type)"}, "data": \#(data)"#)
            #expect(answer.code == "invalid_request")
            #expect(answer.json["detail"]?.stringValue?.contains("…/request/{path}") == true)
        }
        #expect(sent.isEmpty)
        let text = #""method": "POST", "headers": {"Content-Type": "\#(type)"}, "data": "as it is""#
        #expect(try call(text).status == 200)
        #expect(sent.last?.text == "as it is")
    }

    @Test(arguments: [
        "application/json", "Application/JSON ; charset=utf-8", "application/vnd.api+json",
        "application/x-amz-json-1.1", "text/x-json", "application/json-patch+json",
        "application/jsonrequest",
    ])
    func `JSON is JSON under whatever name`(type: String) throws {
        let answer = try call(
            #""method": "POST", "headers": {"Content-Type": "\#(type)"}, "data": {"a": 1}"#)
        #expect(answer.status == 200)
        #expect(sent.last?.text == #"{"a":1}"#)
        #expect(sent.last?.headers[.contentType] == type)
    }

    @Test func `two types for one body are a 400`() throws {
        let types = #""headers": {"Content-Type": "application/json", "content-type": "a/b"}"#
        #expect(try call(#""method": "POST", \#(types), "data": [1]"#).code == "invalid_request")
    }

    @Test(arguments: ["garbage", "", "1", "TRUE", "true&disconnect=false", "true&disconnect=true"])
    func `a switch that says neither yes nor no changes nothing`(value: String) throws {
        let key = try front.key(isSuperuser: true)
        let target = "/grantkeeper/integrations/drive"
        let removed = try front.ask(.delete, "\(target)?disconnect=\(value)", key)
        #expect(removed.code == "invalid_query")
        #expect(removed.json["detail"]?.stringValue?.contains("'true' or 'false'") == true)
        let confirmed = value.replacing("disconnect", with: "confirm")
        let replaced = try front.ask(.put, "\(target)?confirm=\(confirmed)", key, json: "{}")
        #expect(replaced.code == "invalid_query")
        #expect(
            try front.ask(.get, "/api/integrations/drive/connection", front.session()).status == 200
        )
    }

    @Test func `a popup is one, or is not`() throws {
        for value in ["2", "true", "", "1&popup=1"] {
            let target = "/api/integrations/drive/connect?popup=\(value)"
            #expect(try front.ask(.get, target, front.session()).code == "invalid_query")
        }
        #expect(
            try front.ask(.get, "/api/integrations/drive/connect?popup=0", front.session()).status
                == 302)
    }

    @Test(arguments: [#"{"code": "wrong"}"#, #"{"refreshToken": "wrong"}"#])
    func `a code or refresh token that the provider refuses is the caller's mistake`(
        body: String
    ) throws {
        func answer(_ code: String, status: Int = 400) throws -> Front.Answer {
            front.house.network.answer("https://provider.test/token") { _ in
                FakeAnswer.refusal(code, status: status)
            }
            return try front.ask(
                .post, "/api/integrations/drive/connect", front.session("bob"), json: body)
        }
        let refused = try answer("invalid_grant")
        #expect(refused.status == 400)
        #expect(refused.code == "invalid_grant")
        #expect(try answer("invalid_client", status: 401).status == 502)
        #expect(try answer("temporarily_unavailable").status == 502)
        #expect(try answer("invalid_grant", status: 503).status == 502)
    }
}
