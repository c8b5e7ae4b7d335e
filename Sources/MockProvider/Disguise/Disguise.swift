import Encoding
import Web

/// A strict simulation of the provider that an entry of a catalogue describes: requests must follow
/// the entry exactly, and answers have the entry's shape.
///
/// It knows one grant at a time: that of the last connection.
struct Disguise {
    let entry: ProviderEntry
    let clientID: String
    let clientSecret: String
    /// The key that verifies the client's assertions.
    let clientKey: RegisteredKey?
    let redirectURI: String
    /// The credential that the API accepts without OAuth; for `basic` with a colon between the
    /// parts.
    let credential: String?
    /// Whether the token endpoint refuses the client's secret as a wrong one.
    let rejectsClient: Bool
    let answers: DisguisedAnswers

    var code: DisguisedCode?
    var tokens = DisguisedTokens()
    var assertions = UsedAssertions()
    /// The kinds of tokens that were revoked, in order; `none` for a request without a token.
    var revoked: [String] = []
    var seen: [DisguisedCall] = []

    /// Answers a request, and records it.
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

/// A code that was issued, and the challenge to which it is bound.
struct DisguisedCode {
    let text: String
    let challenge: String?
}

/// The tokens that were issued, and which of them are valid.
struct DisguisedTokens {
    /// The last access token that was issued.
    var access: String?
    var refresh: String?
    var livingAccess: Set<String> = []
    var livingRefresh: Set<String> = []
    /// The single-use refresh tokens that were used.
    var usedRefresh: Set<String> = []
    /// The number of refreshes.
    var renewals = 0

    /// Ends the grant.
    mutating func end() {
        (livingAccess, livingRefresh) = ([], [])
    }
}
