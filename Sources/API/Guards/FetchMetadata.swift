import Addressing
import HTTPTypes
import Headers
import Integrations
import Web

/// A browser's statements about the origin of a request (Fetch Metadata; RFC 6454 Origin).
///
/// Only fields that a browser computes again for each hop count in a request's favour:
/// `Sec-Fetch-Site` covers the whole chain of redirects, and an `Origin` that was redirected
/// between sites is `null`. The Referer names the page where the chain began, whatever came
/// between: it can count against a request, and never for it.
struct FetchMetadata {
    enum Source {
        /// No browser, or one of the host's own pages, or the address bar.
        case own
        /// A page of an origin that is configured as trusted.
        case trusted
        /// A page of any other origin.
        case foreign
    }

    let source: Source
    private let headers: HeaderFields
    private let site: String?

    init(_ headers: HeaderFields, settings: APISettings) {
        self.headers = headers
        let site = headers[.secFetchSite]
        self.site = site
        source =
            headers[.origin].map { Self.source(site, origin: $0, settings) }
            ?? Self.source(site, referer: headers[.referer], settings)
    }

    /// Whether the address came from outside of any page: typed, or from another program.
    var isTyped: Bool { site == "none" }

    /// Whether a browser says that a page of the host led here, or a script of an allowed origin's
    /// page. A request without Fetch Metadata may come from a program that only fetches links.
    var isSaidToBeTrusted: Bool {
        site != nil && !isTyped && source != .foreign
    }

    /// Whether a user follows a link or types an address, and not a page's script or image.
    var isTopLevelNavigation: Bool {
        headers[.secFetchMode] == "navigate" && headers[.secFetchDest] == "document"
    }

    /// Whether the answer fills a window that a person sees. Browsers without Fetch Metadata,
    /// which is all of them on plain http, accept HTML only there.
    var isSeenByPerson: Bool {
        isTopLevelNavigation
            || headers[.secFetchMode] == nil
                && AcceptField(headers).names("text/html", over: "application/json")
    }

    /// Whether a browser fetches ahead of its user, who may never want it.
    var isPrefetch: Bool {
        Self.purposes.contains { name in
            guard let purpose = headers[name]?.lowercased() else { return false }
            return ["prefetch", "prerender", "preview"].contains { purpose.contains($0) }
        }
    }

    /// Whether the answer is for a script to read or for a person to see, and not for a browser to
    /// run or to obey. An unknown `Sec-Fetch-Dest` counts as a destination that runs the answer.
    var isForReading: Bool {
        guard !headers.contains(.serviceWorker) else { return false }
        return headers[.secFetchDest].map(Self.readingDestinations.contains) ?? true
    }

    private static func source(
        _ site: String?, origin: String, _ settings: APISettings
    ) -> Source {
        switch origin {
        case settings.publicBaseURL.description:
            // With another `Sec-Fetch-Site`, it comes from a redirect through that site.
            [nil, "same-origin", "none"].contains(site) ? .own : .foreign
        case "null":
            // A page with 'Referrer-Policy: no-referrer' hides its origin, also from its own host.
            site == "same-origin" ? .own : .foreign
        default: settings.trusts(origin: origin) ? .trusted : .foreign
        }
    }

    private static func source(
        _ site: String?, referer: String?, _ settings: APISettings
    ) -> Source {
        switch site {
        case "same-origin", "none": return .own
        case nil:
            guard let referer else { return .own }
            let page = AbsoluteURL(String(referer.prefix { $0 != "#" }))
            return page.map { settings.trusts(origin: $0.origin.description) } == true
                ? .own : .foreign
        default: return .foreign
        }
    }

    private static let readingDestinations: Set<String> = [
        "audio", "document", "empty", "font", "frame", "iframe", "image", "json", "text", "track",
        "video",
    ]

    /// The specified field, and those that browsers used before.
    private static let purposes: [HTTPField.Name] = [
        "Sec-Purpose", "Purpose", "X-Purpose", "X-Moz",
    ]
    .map(HTTPField.Name.known)
}

extension HTTPField.Name {
    static let secFetchSite = HTTPField.Name.known("Sec-Fetch-Site")
    static let secFetchMode = HTTPField.Name.known("Sec-Fetch-Mode")
    static let secFetchDest = HTTPField.Name.known("Sec-Fetch-Dest")
    /// The field that a browser sends with a service worker's script, also without Fetch Metadata.
    static let serviceWorker = HTTPField.Name.known("Service-Worker")
}
