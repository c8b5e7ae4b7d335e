import Connections
import Encoding
import HTTPTypes
import Headers
import Keeper
import Primitives
import Problems
import Web

/// `GET /api/integrations/{id}/connect`: sends the browser to the provider, or to a page of ours
/// where something has to be asked for first.
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
    var isForPeople: Bool { true }
    var crossSitePolicy: CrossSitePolicy { .asksOnNavigation }

    func respond(to request: APIRequest) throws -> Response {
        let visit = try ConnectVisit(request, request.query())
        if visit.mustBeAskedFor { return try confirmation(for: request) }
        let cookie = BrowserCookie(settings)
        let browserID = cookie.value(in: request.request) ?? BrowserCookie.newID()
        let step = try step(request, visit, browserID: browserID)
        var response = answer(step, visit, asked: request.request.target.drop { $0 != "?" })
        response.headers[.setCookie] = cookie.set(
            browserID, maxAge: Int(startConnect.stateLifetime.inWholeSeconds))
        return response
    }

    private func step(
        _ request: APIRequest, _ visit: ConnectVisit, browserID: String
    ) throws -> StartConnect.Step {
        do {
            return try startConnect(
                request.integration, for: request.caller(), browserID: browserID,
                returnTo: visit.returnTo?.url, isPopup: visit.isPopup, given: visit.data)
        } catch InputError.invalid(let code, let detail)
            where code == .invalidConnectionData
            && Self.isPerson(request, visit)
        {
            let page = ConnectPage(
                integration: try integrations.find(request.integration, for: request.caller()),
                caller: try request.caller(), visit: visit)
            throw ErrorOnPage(
                cause: InputError.invalid(code: code, detail: detail), page: page)
        }
    }

    /// Whether a person looks at the answer.
    private static func isPerson(_ request: APIRequest, _ visit: ConnectVisit) -> Bool {
        visit.isFilledIn || request.fetchMetadata.isSeenByPerson
    }

    /// - Parameter query: The request's own, with its question mark: our page keeps it.
    private func answer(
        _ step: StartConnect.Step, _ visit: ConnectVisit, asked query: Substring
    ) -> Response {
        switch step {
        case .provider(let url) where visit.isFilledIn:
            return LeavingPage.response(title: "On to the provider", to: url)
        case .provider(let url):
            var response = Response.redirect(to: url)
            response.headers[.referrerPolicy] = "no-referrer"
            return response
        case .form(let integration):
            // No Referrer-Policy: our page must see where this began, if that is another site.
            return .redirect(
                to: "\(settings.publicBaseURL)\(ConnectPage.path(of: integration))\(query)")
        }
    }

    func confirmation(for request: APIRequest) throws -> Response {
        try ConfirmPage.connect(request, integrations)
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name.known("Referrer-Policy")
}
