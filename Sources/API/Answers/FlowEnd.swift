import Connections
import Encoding
import Integrations

/// The result of connecting, and the address to which the browser goes.
struct FlowEnd {
    enum Result {
        /// - Parameters:
        ///   - isNarrowed: With less than was asked for.
        ///   - lacksRefresh: Without the refresh token that was asked for.
        case connected(isNarrowed: Bool, lacksRefresh: Bool)
        case failed(ConnectFailure)
    }

    let result: Result
    /// The integration's, where it is known.
    let slug: String?
    let returnTo: ReturnTo?
    let isPopup: Bool

    /// Returns the address of `returnTo`, or of a page of ours.
    func location(_ settings: APISettings) -> String {
        var fields = Form()
        if let slug { fields.append("integration", slug) }
        switch result {
        case .connected(let isNarrowed, let lacksRefresh):
            fields.append("connected", "1")
            if isNarrowed { fields.append("narrowed", "1") }
            if lacksRefresh { fields.append("norefresh", "1") }
        case .failed(let failure): fields.append("error", failure.rawValue)
        }
        if let returnTo { return returnTo.adding(fields) }
        if isPopup { fields.append("popup", "1") }
        return "\(settings.publicBaseURL)\(page)?\(fields.encoded)"
    }

    /// Returns the result of a flow that made a connection.
    static func connected(_ connection: Connection, _ integration: Integration?) -> Result {
        .connected(
            isNarrowed: integration.map { !connection.missingScope($0).isEmpty } ?? false,
            lacksRefresh: connection.lacksRefreshToken)
    }

    private var page: String {
        if case .connected = result { ConnectedPage.path } else { ErrorPage.path }
    }
}
