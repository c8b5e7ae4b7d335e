import HTTPTypes
import Web

/// The rules for a request that a browser sends from another site's page, with an identity that
/// browsers attach unasked (SECURITY 20 and 22). API keys are not attached unasked.
enum CrossSitePolicy {
    /// Changing anything is refused; the same-origin policy keeps answers to reads from the page.
    case protectsWrites
    /// Reading is refused too: it has effects at the provider.
    case protectsEverything
    /// A user who follows a link from elsewhere is asked first; everything else is refused.
    case asksOnNavigation

    enum Verdict {
        case passes
        /// The user has to say first that this is meant.
        case asksFirst
    }

    /// - Throws: 403.
    func verdict(on request: APIRequest) throws -> Verdict {
        guard let identity = request.identity, !identity.isAPIKey else { return .passes }
        let metadata = request.fetchMetadata
        if self == .protectsEverything, !metadata.isForReading {
            throw Problem(
                .forbidden, .crossSite,
                "What an API answers can be read and shown, and not loaded to be run or obeyed.")
        }
        if self == .asksOnNavigation, metadata.isPrefetch { throw Problem.prefetch }
        guard metadata.source == .foreign else { return .passes }
        switch self {
        case .protectsWrites where request.request.method.isSafe: return .passes
        case .asksOnNavigation where request.request.method.isSafe && metadata.isTopLevelNavigation:
            return .asksFirst
        default: throw Problem.crossSite
        }
    }
}

extension HTTPRequest.Method {
    /// RFC 9110 §9.2.1.
    fileprivate var isSafe: Bool {
        self == .get || self == .head || self == .options
    }
}
