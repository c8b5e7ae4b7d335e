import Connections
import Encoding
import HTTPTypes
import Web

/// `GET /api/integrations/{id}/connect`: sends the browser to the provider.
struct GetConnect: Endpoint {
    private let startConnect: StartConnect
    private let integrations: IntegrationStore
    private let settings: APISettings

    init(_ keeper: Keeper, _ settings: APISettings) {
        startConnect = keeper.startConnect
        integrations = keeper.integrations
        self.settings = settings
    }

    var answersHead: Bool { false }
    var crossSitePolicy: CrossSitePolicy { .asksOnNavigation }

    func respond(to request: APIRequest) throws -> Response {
        guard request.identity?.isAPIKey != true else { throw Self.browserRequired }
        let query = try request.query()
        let data = Self.data(in: query)
        // A link in a mail comes from no page, and could name somebody else's host.
        let metadata = FetchMetadata(request.request.headers, settings: settings)
        if !data.isEmpty, metadata.isTyped { return try confirmation(for: request) }
        guard query.all("returnTo").count < 2 else { throw ReturnTo.refusal }
        let returnTo = try query["returnTo"].map { try ReturnTo($0, settings: settings).url }
        let cookie = BrowserCookie(settings)
        let browserID = cookie.value(in: request.request) ?? BrowserCookie.newID()
        let step = try startConnect(
            request.integration, for: request.caller(), browserID: browserID,
            returnTo: returnTo, isPopup: query["popup"] == "1", given: data)
        var response = Response.redirect(
            to: location(of: step, asked: request.request.target.drop { $0 != "?" }))
        response.headers[.setCookie] = cookie.set(
            browserID, maxAge: Int(startConnect.stateLifetime))
        response.headers[.referrerPolicy] = "no-referrer"
        return response
    }

    /// - Parameter query: The request's own, with its question mark: our page keeps it.
    private func location(of step: StartConnect.Step, asked query: Substring) -> String {
        switch step {
        case .provider(let url): url
        case .form(let integration):
            "\(settings.publicBaseURL)\(ConnectPage.path(of: integration))\(query)"
        }
    }

    /// `data.shop=acme`: what the user gives for the connection to keep.
    private static func data(in query: Form) -> [(name: String, value: String)] {
        query.fields.filter { $0.name.hasPrefix("data.") }.map {
            (String($0.name.dropFirst("data.".count)), $0.value)
        }
    }

    func confirmation(for request: APIRequest) throws -> Response {
        let integration = try integrations.find(request.integration, for: request.caller())
        return ConfirmPage.connect(
            integration, as: try request.caller(), data: Self.data(in: try request.query()),
            target: request.request.target)
    }

    private static let browserRequired = Problem(
        .badRequest, "browser_required",
        "Connecting takes the user's browser. Make a session with POST /grantkeeper/sessions, "
            + "whose 'returnTo' may be this path, and open its 'startUrl' in the browser.")
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name.known("Referrer-Policy")
}
