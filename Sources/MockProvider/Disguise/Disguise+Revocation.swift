import Encoding
import HTTPTypes
import Web

extension Disguise {
    /// The shape of a revocation that the entry describes.
    private var shape: JSONValue? { entry.json["revocation"] }

    var revocationAddress: EntryAddress? {
        entry.address(
            "revocationUri",
            [
                "clientId": PercentEncoding.encode(clientID),
                "clientSecret": PercentEncoding.encode(clientSecret),
            ])
    }

    /// The kinds of tokens that a disconnect must revoke, in order; `none` stands for a request
    /// without a token.
    var toRevoke: [String] {
        guard entry.text("revocationUri") != nil else { return [] }
        let listed = entry.list(shape?["tokens"]) ?? ["refresh_token", "access_token"]
        let held = listed.filter { $0 == "access_token" || tokens.refresh != nil }
        return listed.isEmpty ? ["none"] : held
    }

    /// Revokes the next token of those in ``toRevoke``.
    mutating func revoke(_ request: DisguisedRequest) throws(Refusal) -> Response {
        let method = entry.text("revocation", "method") ?? "POST"
        guard request.method == method else {
            throw .broken(rule: "revocation.method", "\(method), not \(request.method)")
        }
        guard revoked.count < toRevoke.count else {
            throw .broken(rule: "revocation.tokens", "everything was revoked already")
        }
        let kind = toRevoke[revoked.count]
        let token = kind == "none" ? nil : kind == "refresh_token" ? tokens.refresh : tokens.access
        let further = [
            "clientId": clientID, "clientSecret": clientSecret,
            "token": token ?? tokens.access ?? "",
        ]
        try checkHeaders(request, further)
        var given = try revocationParameters(request)
        try checkPlace(of: token, request, &given)
        try checkLife(of: token)
        try given.need(
            entry.fields(shape?["parameters"], further), rule: "revocation.parameters")
        if sendsHint, token != nil {
            try given.need("token_type_hint", is: kind, rule: "revocation.hint")
        }
        try checkProof(request, &given)
        try given.finish(rule: "revocation.parameters")
        revoked.append(kind)
        if revoked == toRevoke { tokens.end() }
        return .json(withSuccess([:]))
    }

    private var place: String { entry.text("revocation", "in") ?? "form" }

    /// Whether requests have a token type hint (RFC 7009 §2.1): by default only standard ones.
    private var sendsHint: Bool {
        let isStandard =
            place == "form" && (entry.text("revocation", "name") ?? "token") == "token"
            && (entry.text("revocation", "method") ?? "POST") == "POST"
        return shape?["hint"]?.boolValue ?? isStandard
    }

    private func checkHeaders(
        _ request: DisguisedRequest, _ further: [String: String]
    ) throws(Refusal) {
        for field in entry.fields(shape?["headers"], further)
        where request.header(field.name) != field.value {
            throw .broken(rule: "revocation.headers", "\(field.name) is not as described")
        }
    }

    private func revocationParameters(
        _ request: DisguisedRequest
    ) throws(Refusal) -> GivenParameters {
        let own = revocationAddress?.query.fields ?? []
        var query = GivenParameters(request.query.fields)
        try query.need(own, rule: "revocationUri")
        if place == "query" {
            guard request.body.isEmpty else {
                throw .broken(rule: "revocation.in", "there is a body")
            }
            return query
        }
        try query.finish(rule: "revocation.in")
        if request.body.isEmpty { return GivenParameters([]) }
        return GivenParameters(
            try request.fields(as: place == "json" ? "json" : "form", rule: "revocation.in"))
    }

    /// Refuses a request without the token at its place.
    private func checkPlace(
        of token: String?, _ request: DisguisedRequest, _ given: inout GivenParameters
    ) throws(Refusal) {
        guard let token else { return }
        switch place {
        case "header":
            let name = entry.text("revocation", "name") ?? "Authorization"
            let usual = name.lowercased() == "authorization" ? "Bearer " : ""
            let value = (entry.text("revocation", "prefix") ?? usual) + token
            guard request.header(name) == value else {
                throw .broken(rule: "revocation.in", "\(name) does not hold the token that is next")
            }
        case "url":
            guard revocationAddress?.token(in: request) == token else {
                throw .broken(rule: "revocation.in", "the URL does not hold the token that is next")
            }
        default:
            let name = entry.text("revocation", "name") ?? "token"
            guard try given.need(name, rule: "revocation.name") == token else {
                throw .broken(rule: "revocation.tokens", "'\(name)' is not the token that is next")
            }
        }
    }

    /// Refuses an expired token where it alone ends the grant, or authorizes the request: a
    /// provider may answer that it is gone, and keep the grant (RFC 7009 §2.2).
    private func checkLife(of token: String?) throws(Refusal) {
        guard let token, place == "header" || toRevoke == ["access_token"] else { return }
        guard tokens.livingAccess.union(tokens.livingRefresh).contains(token) else {
            throw .broken(rule: "revocation.tokens", "the token to be revoked has expired")
        }
    }

    /// Checks the client authentication that the entry describes, or that there is none.
    private mutating func checkProof(
        _ request: DisguisedRequest, _ given: inout GivenParameters
    ) throws(Refusal) {
        let rule = "revocation.authentication"
        let usual = place == "header" ? "none" : "client"
        switch entry.text("revocation", "authentication") ?? usual {
        case "client":
            try checkClient(entry.clientAuthentication, request, &given, rule: rule)
        case "none":
            let described = (shape?["headers"]?.members ?? []).map { $0.name.lowercased() }
            let name = (entry.text("revocation", "name") ?? "Authorization").lowercased()
            let isToken = place == "header" && name == "authorization"
            if !described.contains("authorization"), !isToken {
                try refuseAuthorization(request, rule: rule)
            }
        case let method:
            try checkClient(method, request, &given, rule: rule)
        }
    }
}
