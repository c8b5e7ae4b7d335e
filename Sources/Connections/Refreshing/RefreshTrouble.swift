import Encoding
import OAuth
import Primitives
import Problems

/// The failures of a connection's refreshes since one last succeeded. The next token that is stored
/// clears them.
package struct RefreshTrouble: Equatable, Sendable {
    /// The standard's code where the provider refused with one; else a code of ours.
    package private(set) var code: String
    /// The status of the provider's answer; `nil` where there was none.
    package private(set) var status: Int?
    /// The time of the first of them.
    package let since: Timestamp
    package private(set) var lastAt: Timestamp
    package private(set) var count: Int
    /// The time since which the provider has given the same answer.
    package private(set) var sameSince: Timestamp
    private var sameCount: Int

    /// The count and the seconds after which the same answer is no passing trouble.
    private static let lasting = (count: 5, seconds: Int64(86_400))

    /// Adds a failure to the former ones.
    ///
    /// - Parameter former: The trouble that was known before.
    init(_ error: OAuthError, after former: RefreshTrouble?, now: Timestamp) {
        code = error.refreshCode
        status = error.status
        since = former?.since ?? now
        lastAt = now
        count = (former?.count ?? 0) + 1
        let isSame = former.map { $0.code == error.refreshCode && $0.status == error.status }
        let same = isSame == true ? former : nil
        sameSince = same?.sameSince ?? now
        sameCount = (same?.sameCount ?? 0) + 1
    }

    /// Whether the provider refuses: a 4xx that is not about being asked too often or too slowly.
    var isRefusal: Bool {
        status.map { (400...499).contains($0) && $0 != 429 && $0 != 408 } ?? false
    }

    /// Whether it has refused in the same way for a day: most likely the grant is gone, and the
    /// integration's settings do not name the answer that tells so.
    var isLasting: Bool {
        isRefusal && sameCount >= Self.lasting.count && lastAt - sameSince >= Self.lasting.seconds
    }
}

extension RefreshTrouble {
    /// The form in which it is stored. It also contains the values that the database counts.
    var json: JSONValue {
        [
            "code": .string(code), "status": .integer(orNull: status),
            "since": .integer(Int(since.seconds)), "lastAt": .integer(Int(lastAt.seconds)),
            "count": .integer(count), "sameSince": .integer(Int(sameSince.seconds)),
            "sameCount": .integer(sameCount), "isLasting": .bool(isLasting),
        ]
    }

    init?(stored text: String) {
        guard let json = try? JSONValue(parsing: text), let code = json["code"]?.stringValue,
            let since = json["since"]?.intValue, let lastAt = json["lastAt"]?.intValue,
            let sameSince = json["sameSince"]?.intValue
        else { return nil }
        self.code = code
        status = json["status"]?.intValue
        self.since = Timestamp(seconds: Int64(since))
        self.lastAt = Timestamp(seconds: Int64(lastAt))
        count = json["count"]?.intValue ?? 1
        self.sameSince = Timestamp(seconds: Int64(sameSince))
        sameCount = json["sameCount"]?.intValue ?? 1
    }
}

extension OAuthError {
    /// The status of the answer that it reports; `nil` where there was none, or none is known.
    var status: Int? {
        switch self {
        case .refused(_, let status), .outage(.status(let status, _)),
            .outage(.unreadable(let status)):
            status
        default: nil
        }
    }

    /// The standard's code where the provider refused with one; else a code of ours.
    var refreshCode: String {
        switch self {
        case .refused(let code, _) where code != ErrorCode.other,
            .refusedAuthorization(let code) where code != ErrorCode.other:
            code
        case .outage(.status(400...499, _)) where status != 429:
            ProblemCode.providerRefused.rawValue
        default: publicCode.rawValue
        }
    }

    /// Whether the provider refuses the client, and not the request (RFC 6749 §5.2). A 401 without
    /// a reason of the standard counts as a refusal of the client, too.
    var refusesClient: Bool {
        switch self {
        case .refused("invalid_client", _), .refused("unauthorized_client", _),
            .refused(ErrorCode.other, 401), .outage(.status(401, _)):
            true
        default: false
        }
    }
}
