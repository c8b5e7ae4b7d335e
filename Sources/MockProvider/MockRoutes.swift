import Encoding
import HTTPTypes
import Web

/// The list of all paths and methods that the provider answers.
struct MockRoutes {
    let provider: SimulatedProvider
    let pages: Pages

    /// The endpoint of a path, and its methods; `nil` leaves the methods to the endpoint.
    struct Line {
        let methods: [HTTPRequest.Method]?
        let pattern: String
        let endpoint: any MockEndpoint
    }

    var all: [Line] { pagesAndProtocol + api("/api", .accessToken) + api("/keyed", .key) + control }

    private var pagesAndProtocol: [Line] {
        [
            Line(methods: [.get], pattern: "/", endpoint: HomeEndpoint(pages: pages)),
            line(
                [.get, .post], "/authorize", name: "authorize",
                AuthorizationEndpoint(provider: provider, pages: pages)),
            Line(
                methods: [.post], pattern: "/authorize/decide",
                endpoint: DecisionEndpoint(provider: provider, pages: pages)),
            line(nil, "/token", name: "token", ExchangeEndpoint(provider: provider)),
            line(nil, "/revoke", name: "revoke", RevokeEndpoint(provider: provider)),
            line(nil, "/introspect", name: "introspect", IntrospectionEndpoint(provider: provider)),
            line(
                [.get], "/.well-known/oauth-authorization-server", name: "metadata",
                MetadataEndpoint(provider: provider)),
            line(
                [.get, .post], "/userinfo", name: "userinfo", UserInfoEndpoint(provider: provider)),
        ]
    }

    private func api(_ prefix: String, _ gate: Gate) -> [Line] {
        let name = String(prefix.dropFirst())
        let endpoints:
            [(methods: [HTTPRequest.Method]?, path: String, endpoint: any MockEndpoint)] = [
                ([.get, .head], "/files", FilesEndpoint(provider: provider)),
                ([.get, .head], "/files/{id}", FileEndpoint(provider: provider)),
                (nil, "/echo", EchoEndpoint()),
                (nil, "/echo/{rest*}", EchoEndpoint()),
                (nil, "/status/{code}", StatusEndpoint()),
                (nil, "/delay/{ms}", DelayEndpoint(provider: provider)),
                (nil, "/stream", EventStreamEndpoint(provider: provider)),
                ([.get, .head], "/bytes/{n}", BytesEndpoint()),
                (nil, "/chunked/{n}", ChunkedEndpoint()),
                (nil, "/redirect", RedirectEndpoint()),
                (nil, "/headers", HeadersEndpoint()),
                (nil, "/ratelimit", RateLimitEndpoint(provider: provider)),
                ([.get, .head], "/etag", ConditionalEndpoint()),
                (
                    [.get, .head, .post, .put, .patch], "/uploads/{id}",
                    UploadEndpoint(provider: provider)
                ),
                (nil, "/html", ConstantEndpoint.html),
                (nil, "/gzip", ConstantEndpoint.gzip),
                (nil, "/1k", ConstantEndpoint.oneKilobyte),
                (nil, "/empty", ConstantEndpoint.empty),
            ]
        return endpoints.map { methods, path, endpoint in
            let event = name + "." + (path.split(separator: "/").first ?? "")
            return line(
                methods, prefix + path, name: name,
                Guarded(provider: provider, gate: gate, event: event, endpoint: endpoint))
        }
    }

    private var control: [Line] {
        [
            order(.get, "counters", CounterOrders.counters),
            order(.delete, "counters", CounterOrders.resetCounters),
            order(.get, "requests", CounterOrders.requests),
            order(.delete, "requests", CounterOrders.forgetRequests),
            order(.get, "grants", GrantOrders.list),
            order(.post, "expire", GrantOrders.expire),
            order(.post, "revoke", GrantOrders.revoke),
            order(.post, "fail", BehaviourOrders.fail),
            order(.delete, "fail", BehaviourOrders.stopFailing),
            order(.post, "release", BehaviourOrders.release),
            order(.post, "decide", BehaviourOrders.decide),
            order(.get, "settings", BehaviourOrders.settings),
            order(.post, "settings", BehaviourOrders.changeSettings),
            order(.post, "reset", BehaviourOrders.reset),
            order(.get, "disguise", DisguiseOrders.look),
            order(.post, "disguise", DisguiseOrders.putOn),
            order(.delete, "disguise", DisguiseOrders.takeOff),
            order(.post, "disguise/expire", DisguiseOrders.expire),
        ]
    }

    /// Returns a line whose answers can be spoiled by an order with that name.
    private func line(
        _ methods: [HTTPRequest.Method]?, _ pattern: String, name: String,
        _ endpoint: any MockEndpoint
    ) -> Line {
        Line(
            methods: methods, pattern: pattern,
            endpoint: Saboteur(provider: provider, name: name, endpoint: endpoint))
    }

    private func order(
        _ method: HTTPRequest.Method, _ path: String,
        _ order:
            @escaping @Sendable (ControlBody, inout ProviderState) throws(ControlError) -> JSONValue
    ) -> Line {
        Line(
            methods: [method], pattern: "/control/" + path,
            endpoint: ControlEndpoint(provider: provider, order: order))
    }
}
