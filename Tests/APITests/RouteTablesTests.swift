import Encoding
import Foundation
import Testing

/// The routes, `openapi.json` and `nginx/grantkeeper.conf`, held together.
struct RouteTablesTests {
    private let front: Front
    private let rewrites: String

    init() throws {
        front = try Front()
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../nginx/grantkeeper.conf").standardized
        rewrites = try String(contentsOf: file, encoding: .utf8)
    }

    private func tables(moreRewrites: String = "") throws -> RouteTables {
        RouteTables(
            routes: front.api.routes,
            description: try front.ask(.get, "/grantkeeper/openapi.json").json,
            nginx: try NginxConfiguration(parsing: moreRewrites + rewrites))
    }

    @Test func `the routes, their description and nginx's rewrites agree`() throws {
        let tables = try tables()
        #expect(try tables.disagreements() == [])
        #expect(tables.operations.count == tables.routes.count)
        #expect(tables.routes.count > 30)
    }

    @Test func `a route that only the service has is found`() throws {
        var tables = try tables()
        tables.routes.append((.get, "/api/integrations/{id}/usage"))
        #expect(
            try tables.disagreements() == [
                "openapi.json lacks GET /api/integrations/{id}/usage",
                "nginx does not pass GET /api/integrations/a%20b%0Ac/usage",
                "nginx does not pass GET /api/integrations/drive/usage",
            ])
    }

    @Test func `an operation that only the description has is found`() throws {
        var tables = try tables()
        tables.operations.append((.put, "/grantkeeper/session"))
        #expect(try tables.disagreements() == ["there is no route for PUT /grantkeeper/session"])
    }

    @Test func `a path that only nginx has is found`() throws {
        let line = #"rewrite "^/api/integrations/[^/]+/usage(?:/all)?\z" /.grantkeeper/plain last;"#
        #expect(
            try tables(moreRewrites: line).disagreements() == [
                "there is no route for what nginx passes: /api/integrations/x/usage",
                "there is no route for what nginx passes: /api/integrations/x/usage/all",
            ])
    }

    @Test(arguments: [
        ("/.grantkeeper/plain", "GET /grantkeeper/healthz"),
        ("/.grantkeeper/call", "POST /api/integrations/drive/request"),
        ("/.grantkeeper/callback", "GET /oauth2/callback/drive"),
    ])
    func `a location that is gone, or passes nothing on, is found`(
        location: String, call: String
    ) throws {
        for name in ["location = \(location)-old {", "location = \(location) { } location ^~ /x {"]
        {
            var tables = try tables()
            tables.nginx = try NginxConfiguration(
                parsing: rewrites.replacing("location = \(location) {", with: name))
            #expect(try tables.disagreements().contains("nginx does not pass \(call)"))
        }
    }

    @Test func `nginx asks for no authentication only where anybody may call`() throws {
        let tables = try tables()
        var open: Set<String> = []
        for route in tables.routes {
            for path in RouteTables.examples(of: route.pattern) {
                let location = try tables.location(for: route, path)
                let isOpen = location?.block.contains { $0.words == ["auth_basic", "off"] } == true
                guard isOpen else { continue }
                open.insert(route.pattern)
                #expect(try front.ask(route.method, path).status != 401, "\(path)")
            }
        }
        #expect(
            open == ["/oauth2/callback", "/oauth2/callback/{slug}", "/grantkeeper/metrics"])
    }
}
