import Connections
import Encoding
import HTTPTypes
import Web

/// Asks a user who was sent here by another site whether this is meant. The answer is a link of
/// this page, which makes the next request one of our own origin.
enum ConfirmPage {
    private static let page = Page(PackageResources.confirm_mustache)

    /// - Parameter target: The path and query that were called.
    static func connect(
        _ integration: Integration, as caller: Caller, target: String
    ) -> Response {
        response(
            title: "Connect?",
            question: "Connect “\(integration.definition.name)” (\(integration.slug)) as "
                + "\(caller.userID)?",
            advice: "Another site sent you here. Go on only if you wanted to connect.",
            label: "Connect", target: target)
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
