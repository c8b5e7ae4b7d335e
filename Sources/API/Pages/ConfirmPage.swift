import Connections
import HTTPTypes
import Web

/// Asks a user who did not come from a page of the host whether this is meant. The answer is a link
/// or a form of this page, which makes the next request one of our own origin.
enum ConfirmPage {
    private static let page = Page(PackageResources.confirm_mustache)

    /// Asks before a flow begins. What the address gives for the connection to keep is shown: it
    /// may decide where tokens go.
    static func connect(_ request: APIRequest, _ integrations: IntegrationStore) throws -> Response
    {
        let caller = try request.caller()
        let integration = try integrations.find(request.integration, for: caller)
        let data = try ConnectVisit(request, request.query()).data
        let details = data.map { ", with \($0.name) “\($0.value)”" }.joined()
        return response(
            title: "Connect?",
            question: "Connect “\(integration.definition.name)” (\(integration.slug)) as "
                + "\(caller.userID)\(details)?",
            advice: "You did not come from a page of this host. Go on only if you wanted to "
                + "connect.",
            label: "Connect", target: request.request.target)
    }

    /// Asks before a ticket is used up, which a form does and no link: programs follow links.
    static func session(user: String, ticket: String) -> Response {
        // Not 'no-referrer': with that, browsers say 'Origin: null' of the form, and those that say
        // nothing else would look like another site's page. And not the path, which has the ticket.
        response(
            title: "Continue?", question: "Continue as \(user)?",
            advice: "Whatever you connect now will belong to \(user). Go on only if that is you.",
            label: "Continue as \(user)", target: StartSession.path, ticket: ticket,
            referrerPolicy: "strict-origin")
    }

    private static func response(
        title: String, question: String, advice: String, label: String, target: String,
        ticket: String? = nil, referrerPolicy: String = "no-referrer"
    ) -> Response {
        var values: [String: Any] = [
            "title": title, "question": question, "advice": advice, "label": label,
            "target": target,
        ]
        values["ticket"] = ticket
        return page.response(values, referrerPolicy: referrerPolicy)
    }
}
