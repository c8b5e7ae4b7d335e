import Web

/// Where a browser ends when it has connected and nobody said where it should go.
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
        // Time to read what there is to read.
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
