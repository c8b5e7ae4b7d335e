import Connections
import Encoding
import HTTPTypes
import Integrations
import Keeper
import Web

/// `POST /grantkeeper/connect/{id}`: takes the credential that was filled in on our page.
struct PostConnectPage: Endpoint {
    private let handOver: HandOver
    private let integrations: IntegrationStore
    private let settings: APISettings

    init(_ keeper: Keeper, _ settings: APISettings) {
        handOver = keeper.handOver
        integrations = keeper.integrations
        self.settings = settings
    }

    var isForPeople: Bool { true }

    func respond(to request: APIRequest) throws -> Response {
        let form = try request.form()
        let visit = try ConnectVisit(request, form)
        do {
            let given = Self.json(form, visit)
            let (connection, integration) = try request.request.record.timingUpstream {
                try handOver(given, to: request.integration, by: request.caller())
            }
            return connected(connection, integration, visit)
        } catch {
            let page = ConnectPage(
                integration: try integrations.find(request.integration, for: request.caller()),
                caller: try request.caller(), visit: visit,
                username: form["username"]?.trimmed ?? "")
            guard let again = page.again(after: error) else { throw error }
            throw ErrorOnPage(cause: error, page: again)
        }
    }

    private func connected(
        _ connection: Connection, _ integration: Integration, _ visit: ConnectVisit
    ) -> Response {
        let end = FlowEnd(
            result: FlowEnd.connected(connection, integration),
            slug: integration.slug, returnTo: visit.returnTo, isPopup: visit.isPopup)
        let location = end.location(settings)
        guard visit.returnTo == nil else {
            return LeavingPage.response(title: "Connected", to: location)
        }
        return .redirect(to: location, status: .seeOther)
    }

    /// Returns the form as the JSON that ``HandOver`` reads.
    private static func json(_ form: Form, _ visit: ConnectVisit) -> JSONValue {
        // Spaces at the ends of a password may be meant.
        let credential = ["apiKey", "username", "password", "token"].compactMap { name in
            form[name].map { (name, JSONValue.string(name == "password" ? $0 : $0.trimmed)) }
        }
        let data = visit.data.map { ($0.name, JSONValue.string($0.value)) }
        return .object(credential + [("data", .object(data))])
    }
}
