import HTTPTypes
import TestSupport
import Testing

struct RoutingTests {
    private let front: Front

    init() throws {
        front = try Front()
        try front.house.addDrive()
    }

    @Test(arguments: [
        "/", "/api/integrations", "/api/integrations/drive", "/api/integrations//connect",
        "/api/integrations/drive/connect/", "/api/integrations/drive/Connection",
        "/api/integrations/drive/connection/x", "/API/integration-connections",
        "/api/integration-connections/", "/oauth2/callback/", "/oauth2/callback/a/b",
        "/grantkeeper", "/grantkeeper/", "/grantkeeper/sessions/", "/grantkeeper/nothing",
        "/grantkeeper/integrations/a/b", "/grantkeeper/../grantkeeper/healthz",
        "/grantkeeper/%68ealthz", "//grantkeeper/healthz",
    ])
    func `there is nothing at other paths`(path: String) throws {
        let answer = try front.ask(.get, path, front.session())
        #expect(answer.status == 404)
        #expect(answer.code == "not_found")
    }

    @Test(arguments: [
        (HTTPRequest.Method.delete, "/api/integrations/drive/connect", "GET, POST"),
        (.put, "/api/integrations/drive/connection", "GET, HEAD, DELETE"),
        (.post, "/api/integration-connections", "GET, HEAD"),
        (.post, "/oauth2/callback", "GET"), (.head, "/oauth2/callback", "GET"),
        (.head, "/api/integrations/drive/connect", "GET, POST"),
        (.head, "/grantkeeper/sessions/start?ticket=t", "GET, POST"),
        (
            .connect, "/api/integrations/drive/request",
            "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
        ),
        (
            .trace, "/api/integrations/drive/request/x",
            "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
        ),
        (.get, "/grantkeeper/sessions", "POST"),
        (.options, "/grantkeeper/session", "GET, HEAD, DELETE"),
        (.patch, "/grantkeeper/integrations/drive", "GET, HEAD, PUT, DELETE"),
    ])
    func `a method that a path does not have is a 405 that names those it has`(
        method: HTTPRequest.Method, target: String, allowed: String
    ) throws {
        let answer = try front.ask(method, target, front.session())
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == allowed)
    }

    @Test(arguments: [
        "/grantkeeper/healthz", "/grantkeeper/session", "/api/integration-connections",
    ])
    func `HEAD is answered as GET is`(path: String) throws {
        #expect(try front.ask(.head, path, front.session()).status == 200)
    }

    @Test func `a caller without an identity gets a 401 but where anyone may call`() throws {
        let open = [
            "/oauth2/callback", "/oauth2/callback/{slug}", "/grantkeeper/sessions/start",
            "/grantkeeper/healthz", "/grantkeeper/readyz", "/grantkeeper/metrics",
            "/grantkeeper/openapi.json", "/grantkeeper/connected", "/grantkeeper/error",
        ]
        for route in front.api.routes {
            let target = route.pattern.replacing("{id}", with: "drive")
                .replacing("{path*}", with: "x").replacing("{slug}", with: "drive")
            let answer = try front.ask(route.method, target, json: "{}")
            #expect((answer.status == 401) == !open.contains(route.pattern), "\(route)")
            if answer.status == 401 {
                #expect(answer.headers[.wwwAuthenticate] == #"Bearer realm="grantkeeper""#)
            }
        }
        #expect(front.house.network.sent().isEmpty)
    }

    @Test(arguments: [
        (HTTPRequest.Method.post, "/grantkeeper/integrations"),
        (.put, "/grantkeeper/integrations/drive"), (.delete, "/grantkeeper/integrations/drive"),
    ])
    func `integrations are a superuser's to change`(
        method: HTTPRequest.Method, path: String
    ) throws {
        for who in [try front.session(), try front.key()] {
            let answer = try front.ask(method, path, who, json: "{}")
            #expect(answer.status == 403)
            #expect(answer.code == "superuser_required")
        }
        for who in [try front.session(isSuperuser: true), try front.key(isSuperuser: true)] {
            #expect(try front.ask(method, path, who, json: "{}").status != 403)
        }
    }

    @Test func `a superuser's session makes no sessions, only a key does`() throws {
        let wanted = #"{"userId": "bob"}"#
        for who in [try front.session(isSuperuser: true), try front.key()] {
            let answer = try front.ask(.post, "/grantkeeper/sessions", who, json: wanted)
            #expect(answer.status == 403)
            #expect(answer.code == "superuser_key_required")
        }
        let key = try front.key(isSuperuser: true)
        #expect(try front.ask(.post, "/grantkeeper/sessions", key, json: wanted).status == 201)
    }

    @Test func `every answer is not to be kept, nor its type guessed`() throws {
        for target in [
            "/grantkeeper/healthz", "/nowhere", "/grantkeeper/connected", "/grantkeeper/session",
        ] {
            let answer = try front.ask(.get, target)
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        }
    }

    @Test(arguments: [
        ("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("text/json", 415),
        ("application/jsonp", 415), ("multipart/form-data; boundary=application/json", 415),
        ("application/json", 400), ("Application/JSON; charset=utf-8", 400),
        ("application/vnd.api+json", 400),
    ])
    func `a body that is not declared as JSON is a 415`(type: String, status: Int) throws {
        let who: Front.Fields = [("Content-Type", type)] + (try front.key(isSuperuser: true))
        for target in [
            "/api/integrations/drive/connect", "/api/integrations/drive/request",
            "/grantkeeper/sessions", "/grantkeeper/integrations",
        ] {
            #expect(try front.ask(.post, target, who, json: "[]").status == status)
        }
    }

    @Test func `who may not call is told that, whatever the body is`() throws {
        let text: Front.Fields = [("Content-Type", "text/plain")]
        let target = "/grantkeeper/integrations"
        #expect(try front.ask(.post, target, text, json: "x").status == 401)
        #expect(try front.ask(.post, target, text + front.session(), json: "x").status == 403)
        let foreign: Front.Fields = text + [("Sec-Fetch-Site", "cross-site")]
        let superuser = try front.session(isSuperuser: true)
        #expect(try front.ask(.post, target, foreign + superuser, json: "x").status == 403)
        #expect(try front.ask(.post, target, text + superuser, json: "x").status == 415)
    }

    @Test func `a JSON body over the limit is a 413`() throws {
        let long = #"{"url": "/\#(String(repeating: "a", count: 5000))"}"#
        let answer = try front.ask(
            .post, "/api/integrations/drive/request", front.session(), json: long)
        #expect(answer.status == 413)
        #expect(answer.code == "body_too_large")
    }
}
