import Encoding

/// The orders `POST`, `GET`, `DELETE /control/disguise`, and `POST /control/disguise/expire`.
enum DisguiseOrders {
    /// Simulates the provider that an entry describes, at every host but the mock provider's own.
    static func putOn(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        try body.refuseMembers(except: [
            "integration", "data", "clientId", "clientSecret", "publicKey", "redirectUri",
            "credential", "rejectsClient", "answers",
        ])
        guard let integration = body.json["integration"], integration.members != nil else {
            throw ControlError("integration must be an object")
        }
        var given: [String: String] = [:]
        for member in body.json["data"]?.members ?? [] {
            given[member.name] = member.value.stringValue
        }
        let clientID = try body.text("clientId") ?? ""
        let disguise = Disguise(
            entry: ProviderEntry(integration, given: given, clientID: clientID),
            clientID: clientID,
            clientSecret: try body.text("clientSecret") ?? "",
            clientKey: try body.text("publicKey").flatMap { RegisteredKey(pem: $0) },
            redirectURI: try body.text("redirectUri") ?? "",
            credential: try body.text("credential"),
            rejectsClient: try body.flag("rejectsClient") ?? false,
            answers: try DisguisedAnswers(ControlBody(body.json["answers"], named: "answers")))
        state.disguise = disguise
        return [
            "data": .object(disguise.entry.data.map { ($0.name, .string($0.value)) })
        ]
    }

    /// Lists the requests to the simulated provider so far.
    static func look(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        guard let disguise = state.disguise else { throw ControlError("there is no disguise") }
        return [
            "calls": .array(disguise.seen.map(\.json)),
            "brokenRules": .array(disguise.seen.compactMap(\.brokenRule).map { .string($0) }),
            "renewals": .integer(disguise.tokens.renewals),
            "revoked": .array(disguise.revoked.map { .string($0) }),
            "toRevoke": .array(disguise.toRevoke.map { .string($0) }),
        ]
    }

    static func takeOff(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        state.disguise = nil
        return [:]
    }

    /// Makes all access tokens expire; with `"refreshTokens": true` ends the grant.
    static func expire(
        _ body: ControlBody, _ state: inout ProviderState
    ) throws(ControlError) -> JSONValue {
        try body.refuseMembers(except: ["refreshTokens"])
        let count = state.disguise?.tokens.livingAccess.count ?? 0
        state.disguise?.tokens.livingAccess = []
        if try body.flag("refreshTokens") ?? false { state.disguise?.tokens.end() }
        return ["accessTokens": .integer(count)]
    }
}
