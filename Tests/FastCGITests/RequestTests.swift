import HTTPTypes
import Testing
import Web

struct RequestTests {
    /// Answers with what the description says of the request.
    private func answer(
        to request: RawRequest, _ describe: @escaping @Sendable (Request) throws -> String
    ) throws -> RawAnswer {
        let server = try TestServer { .text(try describe($0)) }
        return try server.connect().exchange(request)
    }

    @Test func `path and query are what REQUEST_URI says, as it was written`() throws {
        let request = RawRequest(
            "GET", "/a/%2e%2e//b?x=%20&y",
            [("SCRIPT_NAME", "/b"), ("DOCUMENT_URI", "/b"), ("QUERY_STRING", "z")])
        let answer = try answer(to: request) { "\($0.path) \($0.query ?? "-")" }
        #expect(answer.body == "/a/%2e%2e//b x=%20&y")
    }

    @Test(arguments: ["", "*", "http://h/", "a", "/a b", "/a\u{1}", "/a\r\nb"])
    func `a REQUEST_URI that is no path is a 400`(target: String) throws {
        let server = try TestServer()
        let answer = try server.connect().exchange(RawRequest("GET", target))
        #expect(answer.status == 400)
        #expect(answer.text.contains("application/problem+json"))
    }

    @Test func `a request without a method is a 400`() throws {
        let server = try TestServer()
        var request = RawRequest()
        request.parameters = [("REQUEST_URI", "/")]
        #expect(try server.connect().exchange(request).status == 400)
    }

    @Test(arguments: ["GET", "POST", "PROPFIND", "DELETE"])
    func `any method reaches the responder`(method: String) throws {
        #expect(try answer(to: RawRequest(method)) { $0.method.rawValue }.body == method)
    }

    @Test func `headers are the HTTP_ parameters and the content type`() throws {
        let request = RawRequest(
            "POST", "/",
            [
                ("HTTP_ACCEPT", "a/b"), ("HTTP_X_SOME_THING", "1"), ("CONTENT_TYPE", "text/x"),
                ("HTTP_CONTENT_TYPE", "text/y"), ("HTTP_CONTENT_LENGTH", "7"),
            ])
        let answer = try answer(to: request) { request in
            request.headers.map { "\($0.name.canonicalName)=\($0.value)" }.joined(separator: ",")
        }
        #expect(answer.body == "accept=a/b,x-some-thing=1,content-type=text/x")
    }

    @Test func `SECURITY 42: a Proxy header is dropped`() throws {
        let request = RawRequest("GET", "/", [("HTTP_PROXY", "http://evil.test")])
        let answer = try answer(to: request) { "\($0.headers.count) \($0.parameters.count)" }
        #expect(answer.body == "0 0")
    }

    @Test(arguments: [
        "HTTP_AUTHORIZATION", "HTTP_ON_BEHALF_OF", "GRANTKEEPER_USER", "GRANTKEEPER_SUPERUSER",
        "REQUEST_METHOD", "REQUEST_URI", "CONTENT_LENGTH",
    ])
    func `SECURITY 43: what decides who or what, and comes twice, is a 400`(
        name: String
    ) throws {
        let value = name == "REQUEST_URI" ? "/" : name == "CONTENT_LENGTH" ? "0" : "GET"
        let server = try TestServer()
        let request = RawRequest("GET", "/", [(name, value), (name, value)])
        #expect(try server.connect().exchange(request).status == 400)
    }

    @Test(arguments: [
        ("HTTP_On-Behalf-Of", "HTTP_ON_BEHALF_OF"), ("HTTP_authorization", "HTTP_AUTHORIZATION"),
    ])
    func `SECURITY 43: another spelling of the parameter is the same header`(
        name: String, other: String
    ) throws {
        let server = try TestServer()
        let request = RawRequest("GET", "/", [(name, "a"), (other, "b")])
        #expect(try server.connect().exchange(request).status == 400)
    }

    @Test(arguments: [
        "HTTP_:X", "HTTP_:PATH", "HTTP_:", "HTTP_", "HTTP_ ", "HTTP_A B", "HTTP_É", "HTTP_A:",
        "HTTP_\u{1}",
    ])
    func `SECURITY 41: a header with a name that is none is a 400`(name: String) throws {
        let server = try TestServer()
        #expect(try server.connect().exchange(RawRequest("GET", "/", [(name, "1")])).status == 400)
        #expect(try server.connect().exchange(RawRequest()).body == "hello")
    }

    @Test(arguments: ["HTTP_ON_BEHALF_OF", "HTTP_On-Behalf-Of", "GRANTKEEPER_USER"])
    func `SECURITY 46: a user's name that is not UTF-8 is a 400`(name: String) throws {
        let server = try TestServer()
        for bytes: [UInt8] in [
            [0x6A, 0x6F, 0x73, 0xE9], [0xC0, 0xAF], [0x61, 0xFF, 0x0A, 0x62], [0xED, 0xA0, 0x80],
            [0x61, 0xC3],
        ] {
            var request = RawRequest()
            request.rawParameters = [(Array(name.utf8), bytes)]
            #expect(try server.connect().exchange(request).status == 400)
        }
    }

    @Test(arguments: ["alice\nbob", "alice\r\nX: y", "alice\r"])
    func `SECURITY 46: a user's name with a line end does not get a space in its place`(
        name: String
    ) throws {
        let request = RawRequest("GET", "/", [("HTTP_ON_BEHALF_OF", name)])
        #expect(try TestServer().connect().exchange(request).status == 400)
    }

    @Test func `SECURITY 46: a parameter's name that is not UTF-8 is none of ours`() throws {
        var request = RawRequest()
        request.rawParameters = [(Array("GRANTKEEPER_\u{C9}".utf8.dropLast()), [0x61])]
        #expect(try TestServer().connect().exchange(request).status == 400)
        request.rawParameters = [([0xE9], [0x61]), (Array("SSL_CLIENT".utf8), [0xE9])]
        #expect(try answer(to: request) { "\($0.parameters.count)" }.body == "0")
    }

    @Test(arguments: ["GRANTKEEPER_USER", "HTTP_ON_BEHALF_OF", "REQUEST_URI", "HTTP_COOKIE"])
    func `SECURITY 46: a value that a NUL would cut short is a 400`(name: String) throws {
        var request = RawRequest()
        request.rawParameters = [(Array(name.utf8), Array("alice\0bob".utf8))]
        request.parameters.removeAll { $0.0 == name }
        #expect(try TestServer().connect().exchange(request).status == 400)
    }

    @Test(arguments: [
        "-1", "+1", "1.0", "0x10", "1e3", " 1", "99999999999999999999", "9223372036854775808", "１",
    ])
    func `a CONTENT_LENGTH that is no number of bytes is a 400`(length: String) throws {
        let request = RawRequest("POST", "/", [("CONTENT_LENGTH", length)])
        #expect(try TestServer().connect().exchange(request).status == 400)
    }

    @Test(arguments: ["", " ", "GET /", "G\u{1}", "GÉT", ":method", "GET\r\nX: y"])
    func `a REQUEST_METHOD that is no token is a 400`(method: String) throws {
        #expect(try TestServer().connect().exchange(RawRequest(method)).status == 400)
    }

    @Test(arguments: [("", ""), ("A", ""), ("HTTP_A", ""), ("HTTP_", ""), ("CONTENT_TYPE", "a")])
    func `SECURITY 41: as many parameters as a head can have are answered`(
        name: String, value: String
    ) throws {
        let server = try TestServer()
        var request = RawRequest()
        request.parameters += Array(
            repeating: (name, value), count: 190_000 / RawRequest.pair(name, value).count)
        #expect([200, 400].contains(try server.connect().exchange(request).status))
        #expect(try server.connect().exchange(RawRequest()).body == "hello")
    }

    @Test func `more parameters than anybody needs are a 400`() throws {
        let many = (0..<2000).map { ("N\($0)", "") }
        let server = try TestServer()
        #expect(try server.connect().exchange(RawRequest("GET", "/", many)).status == 400)
    }

    @Test func `SECURITY 43: cookies in several headers are all there`() throws {
        let request = RawRequest("GET", "/", [("HTTP_COOKIE", "a=1"), ("HTTP_COOKIE", "b=2; c=3")])
        let answer = try answer(to: request) { request in
            let cookies = Cookies(request.headers)
            return ["a", "b", "c"].map { cookies[$0] ?? "-" }.joined()
        }
        #expect(answer.body == "123")
    }

    @Test func `what nginx vouches for is in parameters and not in headers`() throws {
        let request = RawRequest(
            "GET", "/",
            [
                ("GRANTKEEPER_USER", "alice"), ("REMOTE_ADDR", "192.0.2.1"), ("HTTPS", "on"),
                ("HTTP_GRANTKEEPER_USER", "mallory"),
            ])
        let answer = try answer(to: request) { request in
            ["GRANTKEEPER_USER", "REMOTE_ADDR", "HTTPS"].map { request.parameters[$0] ?? "-" }
                .joined(separator: ",")
        }
        #expect(answer.body == "alice,192.0.2.1,on")
    }

    @Test func `nginx's request id is taken when it is one`() throws {
        let id = "0123456789abcdef0123456789abcdef"
        let request = RawRequest("GET", "/", [("GRANTKEEPER_REQUEST_ID", id)])
        #expect(try answer(to: request) { $0.id }.body == id)
    }

    @Test(arguments: ["", "XYZ", "a b", String(repeating: "a", count: 65)])
    func `any other request id is replaced by a random one`(id: String) throws {
        let request = RawRequest("GET", "/", [("GRANTKEEPER_REQUEST_ID", id)])
        let own = try answer(to: request) { $0.id }.body
        #expect(own.count == 32 && own != id)
    }

    @Test func `long values and bytes that are not UTF-8 come through`() throws {
        let long = String(repeating: "x", count: 60_000)
        let request = RawRequest("GET", "/", [("HTTP_X_LONG", long), ("HTTP_X_E", "caf\u{e9}")])
        let answer = try answer(to: request) { request in
            request.headers.map { String($0.value.utf8.count) }.joined(separator: ",")
        }
        #expect(answer.body == "60000,5")
    }

    @Test func `more headers than anybody needs are a 400`() throws {
        let server = try TestServer()
        let many = (0..<2000).map { ("HTTP_X_\($0)", "1") }
        #expect(try server.connect().exchange(RawRequest("GET", "/", many)).status == 400)
    }
}
