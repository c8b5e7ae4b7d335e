import Connections
import Encoding
import HTTPTypes
import Web

/// Asks a user who was sent here by another site whether this is meant. The answer is a link of
/// this page, which makes the next request one of our own origin.
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
            advice: "A link from elsewhere led you here. Go on only if you wanted to connect.",
            label: "Connect", target: request.request.target)
    }

    static func session(user: String, ticket: String) -> Response {
        response(
            title: "Continue?", question: "Continue as \(user)?",
            advice: "Whatever you connect now will belong to \(user). Go on only if that is you.",
            label: "Continue as \(user)",
            target: "\(StartSession.path)?ticket=\(PercentEncoding.encode(ticket))")
    }

    private static func response(
        title: String, question: String, advice: String, label: String, target: String
    ) -> Response {
        page.response([
            "title": title, "question": question, "advice": advice, "label": label,
            "target": target,
        ])
    }
}
