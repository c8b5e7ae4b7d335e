import Addressing

/// The cookie name and start URL of sessions at a public base URL, for code that makes a session
/// without HTTP.
package struct SessionSite {
    private let settings: APISettings

    package init(publicBaseURL: Origin) {
        settings = APISettings(publicBaseURL: publicBaseURL)
    }

    /// The name of the cookie that carries the session's token.
    package var cookieName: String { SessionCookie(settings).name }

    /// Returns the URL that signs one browser in.
    package func startURL(ticket: String) -> String {
        StartSession.url(ticket: ticket, settings: settings)
    }
}
