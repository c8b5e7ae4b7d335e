import Encoding
import Web

/// The provider that an entry of a catalogue describes, played strictly: requests must match the
/// entry to the letter, and answers have the entry's shape.
///
/// It knows one grant at a time: that of the user who connected last.
struct Disguise {
    let entry: ProviderEntry
    let clientID: String
    let clientSecret: String
    /// Against which its assertions are held.
    let clientKey: RegisteredKey?
    let redirectURI: String
    /// The credential for the API where there is no OAuth; for `basic` with the colon inside.
    let credential: String?
    /// Whether the token endpoint takes the client's secret for a wrong one.
    let rejectsClient: Bool
    let answers: DisguisedAnswers

    var code: DisguisedCode?
    var tokens = DisguisedTokens()
    var assertions = UsedAssertions()
    /// Which tokens were revoked, in their order; `none` for a request that names none.
    var revoked: [String] = []
    var seen: [DisguisedCall] = []

    /// Answers a request, and remembers it.
    mutating func respond(
        to request: DisguisedRequest, _ surroundings: Surroundings
    ) -> Response {
        let door = door(for: request)
        let response: Response
        var rule: String?
        do throws(Refusal) {
            response = try answer(request, at: door, surroundings)
        } catch {
            rule = error.brokenRule
            response = answer(to: error)
        }
        seen.append(
            DisguisedCall(
                request, at: door, credentials: [tokens.access, credential].compactMap(\.self),
                status: response.status.code, brokenRule: rule))
        return response.notStored()
    }

    private mutating func answer(
        _ request: DisguisedRequest, at door: DisguisedDoor, _ surroundings: Surroundings
    ) throws(Refusal) -> Response {
        switch door {
        case .authorization: try authorize(request, surroundings)
        case .token: try exchange(request, surroundings)
        case .refresh: try refresh(request, surroundings)
        case .revocation: try revoke(request)
        case .lookup: try lookUp(request)
        case .api: try call(request)
        case .nowhere: throw .broken(rule: "URLs", "the entry has nothing at this address")
        }
    }
}

/// The purpose of a request, by its address.
enum DisguisedDoor: String {
    case authorization, token, refresh, revocation, lookup, api, nowhere
}

/// A code that was given out, and what it is bound to.
struct DisguisedCode {
    let text: String
    let challenge: String?
}

/// The issued tokens, by the use that they still have.
struct DisguisedTokens {
    /// The last that were given out.
    var access: String?
    var refresh: String?
    var livingAccess: Set<String> = []
    var livingRefresh: Set<String> = []
    /// Those that were to be used once, and were.
    var usedRefresh: Set<String> = []
    /// The number of times that tokens were refreshed.
    var renewals = 0

    /// The grant is over.
    mutating func end() {
        (livingAccess, livingRefresh) = ([], [])
    }
}
