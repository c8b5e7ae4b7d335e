import Encoding

/// The orders `/control/expire` and `/control/revoke`, for one user (`{"user": "alice"}`) or all,
/// and `/control/grants`.
enum GrantOrders {
    /// Makes access tokens expire now, and with `"refreshTokens": true` refresh tokens too.
    static func expire(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        try body.refuseMembers(except: ["user", "refreshTokens"])
        let user = try body.text("user")
        let chosen = state.accessTokens.filter { user == nil || $0.value.user == user }.map(\.key)
        for token in chosen { state.accessTokens[token] = nil }
        if try body.flag("refreshTokens") ?? false {
            let grants = ids(user, state)
            for token in state.refreshTokens.filter({ grants.contains($0.value.grantID) }).keys {
                state.refreshTokens[token] = nil
            }
        }
        return ["accessTokens": .integer(chosen.count)]
    }

    /// Ends whole grants now.
    static func revoke(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        try body.refuseMembers(except: ["user"])
        let grants = ids(try body.text("user"), state)
        for id in grants { state.end(grant: id) }
        return ["grants": .integer(grants.count)]
    }

    /// Lists the valid grants by user, refresh tokens as fingerprints.
    static func list(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        let accessTokens = Dictionary(grouping: state.accessTokens.values, by: \.grantID)
        return [
            "grants": .array(
                state.grants.values.sorted { $0.id < $1.id }.map { grant in
                    [
                        "clientId": .string(grant.clientID), "user": .string(orNull: grant.user),
                        "scope": .string(grant.scope.joined(separator: " ")),
                        "accessTokens": .integer(accessTokens[grant.id]?.count ?? 0),
                        "refreshToken": .string(
                            orNull: grant.refreshTokens.last.map(Text.fingerprint)),
                    ]
                })
        ]
    }

    private static func ids(_ user: String?, _ state: ProviderState) -> Set<Int> {
        Set(state.grants.values.filter { user == nil || $0.user == user }.map(\.id))
    }
}
