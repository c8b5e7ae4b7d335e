import Web

/// Where a browser ends when it has connected and nobody said where it should go.
struct ConnectedPage: Endpoint {
    static let path = "/grantkeeper/connected"
    private static let page = Page(PackageResources.connected_mustache)

    func respond(to request: APIRequest) throws -> Response {
        let query = try request.query()
        let isPopup = query["popup"] == "1"
        let isNarrowed = query["narrowed"] == "1"
        let lacksRefresh = query["norefresh"] == "1"
        // Time to read what there is to read.
        let seconds = isNarrowed || lacksRefresh ? "20" : "1"
        return Self.page.response(
            [
                "title": "Connected", "integration": Page.slug(in: query) ?? "The integration",
                "isPopup": isPopup, "isNarrowed": isNarrowed, "lacksRefresh": lacksRefresh,
            ], closesAfter: isPopup ? seconds : nil)
    }
}
