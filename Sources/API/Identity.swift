import Connections
import Primitives

/// The identity of a caller, by the way in which it was shown.
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

    /// Whether a program attached its key itself; browsers send the other identities unasked.
    var isAPIKey: Bool {
        if case .apiKey = self { true } else { false }
    }
}

/// The kinds of identity, as answers name them.
package enum IdentityKind: String, CaseIterable {
    case session
    case host
    case apiKey
}
