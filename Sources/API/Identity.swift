import Connections
import Primitives

/// Who is calling, and how it was shown.
enum Identity {
    case apiKey(Caller)
    /// nginx has authenticated the user and says so in a FastCGI parameter.
    case vouched(Caller)
    case session(Session)

    var kind: IdentityKind {
        switch self {
        case .apiKey: .apiKey
        case .vouched: .host
        case .session: .session
        }
    }

    var caller: Caller {
        switch self {
        case .apiKey(let caller), .vouched(let caller): caller
        case .session(let session): session.caller
        }
    }

    /// A program that attaches its key by itself; everything else a browser sends along unasked.
    var isAPIKey: Bool {
        if case .apiKey = self { true } else { false }
    }
}

/// How a caller is known, as callers are told.
package enum IdentityKind: String, CaseIterable {
    case session
    case host
    case apiKey
}
