import Web

/// The endpoint `/`, a page that describes the mock provider.
struct HomeEndpoint: MockEndpoint {
    let pages: Pages

    func respond(to request: Request, path: PathParameters) throws -> Response {
        pages.message(
            "Mock provider",
            text: """
                A strict OAuth 2.0 provider for tests. Its metadata is at \
                /.well-known/oauth-authorization-server, its API under /api/, its counters at \
                /control/counters.
                """)
    }
}
