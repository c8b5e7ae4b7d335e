import Connections
import Encoding
import HTTPTypes
import Web

/// Asks a user who was sent here by another site whether this is meant. The answer is a link of
/// this page, which makes the next request one of our own origin.
enum ConfirmPage {
    private static let page = Page(PackageResources.confirm_mustache)

    /// - Parameters:
    ///   - data: What the address gives for the connection to keep: it may decide where tokens go.
    ///   - target: The path and query that were called.
    static func connect(
        _ integration: Integration, as caller: Caller, data: [(name: String, value: String)],
        target: String
    ) -> Response {
        let details = data.map { ", with \($0.name) “\($0.value)”" }.joined()
        return response(
            title: "Connect?",
            question: "Connect “\(integration.definition.name)” (\(integration.slug)) as "
                + "\(caller.userID)\(details)?",
            advice: "A link from elsewhere led you here. Go on only if you wanted to connect.",
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
