import Web

/// The page for a browser that has connected without a `returnTo`.
struct ConnectedPage: Endpoint {
    static let path = "/grantkeeper/connected"
    private static let page = Page(PackageResources.connected_mustache)
    private let named: NamedIntegration

    init(_ named: NamedIntegration) {
        self.named = named
    }

    func respond(to request: APIRequest) throws -> Response {
        let query = try request.query()
        let isPopup = query["popup"] == "1"
        let isNarrowed = query["narrowed"] == "1"
        let lacksRefresh = query["norefresh"] == "1"
        // A page with a warning stays long enough to be read.
        let seconds = isNarrowed || lacksRefresh ? "20" : "1"
        let slug = Page.slug(in: query)
        let name = named.find(slug, request)?.definition.name ?? slug
        return Self.page.response(
            [
                "title": "Connected", "integration": name ?? "The integration",
                "isPopup": isPopup, "isNarrowed": isNarrowed, "lacksRefresh": lacksRefresh,
            ], closesAfter: isPopup ? seconds : nil)
    }
}
