import Encoding
import OAuth
import Primitives

/// The progress of a revocation, token by token: a token that the provider has accepted is not sent
/// to it again.
package struct RevocationProgress: Equatable {
    var accepted: Set<TokenTypeHint> = []
    /// The time at which each of the tokens expires.
    private(set) var ends: [TokenTypeHint: Timestamp] = [:]

    init(ends: [TokenTypeHint: Timestamp] = [:]) {
        self.ends = ends
    }

    /// Whether a token need not be sent any more. An expired one is still sent as long as nothing
    /// else is known of the grant: clocks may be wrong.
    func isDone(_ kind: TokenTypeHint, now: Timestamp?) -> Bool {
        if accepted.contains(kind) { return true }
        guard let now, let end = ends[kind], !accepted.isEmpty else { return false }
        return end <= now
    }
}

extension RevocationProgress {
    /// The form in which it is stored.
    var json: JSONValue {
        .object([
            ("accepted", .array(accepted.map(\.rawValue).sorted().map { .string($0) })),
            (
                "ends",
                .object(
                    TokenTypeHint.allCases.compactMap { kind in
                        ends[kind].map { (kind.rawValue, .integer($0.seconds)) }
                    })
            ),
        ])
    }

    /// Older versions stored none.
    init(json: JSONValue?) {
        let names = json?["accepted"]?.elements?.compactMap(\.stringValue) ?? []
        accepted = Set(names.compactMap(TokenTypeHint.init(rawValue:)))
        for kind in TokenTypeHint.allCases {
            ends[kind] = (json?["ends"]?[kind.rawValue]?.intValue)
                .map { Timestamp(seconds: Int64($0)) }
        }
    }
}
