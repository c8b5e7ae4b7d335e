import Encoding
import OAuth
import Primitives

/// What the refreshes of a connection have failed with since one last succeeded. The next token that
/// is stored forgets it.
package struct RefreshTrouble: Equatable, Sendable {
    /// A fixed code: ``OAuthError/publicCode``, and `provider_refused` for an answer that says no
    /// without one of the standard's codes.
    package private(set) var code: String
    /// Of the provider's answer; `nil` where there was none.
    package private(set) var status: Int?
    /// When the first of them failed.
    package let since: Timestamp
    package private(set) var lastAt: Timestamp
    package private(set) var count: Int
    /// When the provider first answered as it did last, without another answer in between.
    package private(set) var sameSince: Timestamp
    private var sameCount: Int

    /// The same answer so often, and for so long, in seconds, is no passing trouble.
    private static let lasting = (count: 5, seconds: Int64(86_400))

    /// - Parameter former: What was known before.
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

    /// Whether the provider says no: a 4xx that is not about being asked too often or too slowly.
    var isRefusal: Bool {
        status.map { (400...499).contains($0) && $0 != 429 && $0 != 408 } ?? false
    }

    /// Whether it has said the same no for a day: most likely the grant is gone, in words that nobody
    /// has told the service.
    var isLasting: Bool {
        isRefusal && sameCount >= Self.lasting.count && lastAt - sameSince >= Self.lasting.seconds
    }
}

extension RefreshTrouble {
    /// The form in which it is stored. What is counted in the database is in it as well.
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
    /// Of the answer that it was made of; `nil` where there was none, or it is not known.
    var status: Int? {
        switch self {
        case .refused(_, let status), .outage(.status(let status, _)),
            .outage(.unreadable(let status)):
            status
        default: nil
        }
    }

    /// ``publicCode``, told apart from trouble where the provider just says no.
    var refreshCode: String {
        if case .outage(.status(400...499, _)) = self, status != 429 { return "provider_refused" }
        return publicCode
    }

    /// Whether the provider refuses the client, and not what it asked for (RFC 6749 §5.2). A 401
    /// that names no reason by the standard is the client's, too.
    var refusesClient: Bool {
        switch self {
        case .refused("invalid_client", _), .refused("unauthorized_client", _),
            .refused(ErrorCode.other, 401), .outage(.status(401, _)):
            true
        default: false
        }
    }
}
