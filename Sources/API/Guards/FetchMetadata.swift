import Connections
import HTTPTypes
import Web

/// What a browser says about where a request comes from (Fetch Metadata; RFC 6454 Origin).
struct FetchMetadata {
    enum Source {
        /// No browser, or one of the host's own pages, or the address bar.
        case own
        /// A page of an origin that is configured as trusted.
        case trusted
        /// Somebody else's page.
        case foreign
    }

    let source: Source
    /// Whether a user follows a link or types an address, and not a page's script or image.
    let isTopLevelNavigation: Bool
    /// Whether the answer fills a window that somebody looks at. Browsers that say no Fetch Metadata,
    /// as all do on plain http, accept HTML only there.
    let isSeenByPerson: Bool
    /// Whether the address came from outside of any page: typed, or from another program.
    let isTyped: Bool
    /// Whether the answer would be run as a script.
    let wantsScript: Bool

    init(_ headers: HTTPFields, settings: APISettings) {
        let site = headers[.secFetchSite]
        let origin = headers[.origin] ?? Self.refererOrigin(headers)
        source =
            switch site {
            case "same-origin", "none": .own
            case nil:
                origin.map { $0 == settings.publicBaseURL } ?? true
                    ? .own : Self.other(origin, settings)
            default: Self.other(origin, settings)
            }
        isTyped = site == "none"
        isTopLevelNavigation =
            headers[.secFetchMode] == "navigate" && headers[.secFetchDest] == "document"
        isSeenByPerson =
            isTopLevelNavigation
            || headers[.secFetchMode] == nil
                && headers[.accept]?.lowercased().contains("text/html") == true
        wantsScript = Self.scriptDestinations.contains(headers[.secFetchDest] ?? "")
    }

    private static let scriptDestinations: Set<String> = [
        "script", "worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet",
        "xslt", "style", "object", "embed",
    ]

    private static func other(_ origin: String?, _ settings: APISettings) -> Source {
        origin.map(settings.trusts(origin:)) == true ? .trusted : .foreign
    }

    /// A page cannot forge its Referer, only leave it out.
    private static func refererOrigin(_ headers: HTTPFields) -> String? {
        guard let referer = headers[.referer] else { return nil }
        return AbsoluteURL(String(referer.prefix { $0 != "#" }))?.origin.description ?? "null"
    }
}

extension HTTPField.Name {
    static let secFetchSite = HTTPField.Name.known("Sec-Fetch-Site")
    static let secFetchMode = HTTPField.Name.known("Sec-Fetch-Mode")
    static let secFetchDest = HTTPField.Name.known("Sec-Fetch-Dest")

    /// A name that is written in the source, and so is a valid one.
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a field name") }
        return name
    }
}
