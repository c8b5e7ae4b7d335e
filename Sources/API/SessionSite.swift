/// How a session reaches a browser at a public base URL: for whoever makes one without HTTP.
package struct SessionSite {
    private let settings: APISettings

    package init(publicBaseURL: String) {
        settings = APISettings(publicBaseURL: publicBaseURL)
    }

    /// The name of the cookie that carries the session's token.
    package var cookieName: String { SessionCookie(settings).name }

    /// The URL that signs one browser in.
    package func startURL(ticket: String) -> String {
        StartSession.url(ticket: ticket, settings: settings)
    }
}
