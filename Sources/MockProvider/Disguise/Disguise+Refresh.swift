import Encoding
import Web

extension Disguise {
    /// The grant type of a refresh, as the entry says it.
    var refreshGrantType: String { entry.text("refresh", "grantType") ?? "refresh_token" }

    /// Answers at the address that refreshes tokens, when it is an address of its own.
    mutating func refresh(
        _ request: DisguisedRequest, _ surroundings: Surroundings
    ) throws(Refusal) -> Response {
        var given = try tokenParameters(request, at: "refresh.uri")
        try given.need("grant_type", is: refreshGrantType, rule: "refresh.grantType")
        return try renew(request, given, surroundings)
    }

    /// Refreshes the tokens (RFC 6749 §6), in the entry's words.
    ///
    /// - Parameter given: The parameters without the grant's type.
    mutating func renew(
        _ request: DisguisedRequest, _ given: GivenParameters, _ surroundings: Surroundings
    ) throws(Refusal) -> Response {
        var given = given
        try given.need(renewalParameters, rule: "tokenParameters, refresh.parameters")
        try checkResources(&given)
        let name = entry.text("refresh", "parameter") ?? "refresh_token"
        let token = try given.need(name, rule: "refresh.parameter")
        try checkTokenClient(request, &given)
        try given.finish(rule: "refresh.parameters")
        try use(token)
        tokens.renewals += 1
        return issue(to: request, surroundings, isRenewal: true)
    }

    /// The parameters of every token request, overridden by those of a refresh.
    private var renewalParameters: [Form.Field] {
        let own = entry.fields(entry.json["refresh"]?["parameters"])
        let shared = entry.fields(entry.json["tokenParameters"])
        return own + shared.filter { field in !own.contains { $0.name == field.name } }
    }

    /// Takes the token that is used; one that was used up before ends the grant.
    private mutating func use(_ token: String) throws(Refusal) {
        if entry.text("refresh", "with") == "access_token" {
            guard tokens.livingAccess.contains(token) else { throw .deadGrant }
            return
        }
        if tokens.usedRefresh.contains(token) {
            tokens.end()
            throw .broken(rule: "refresh.rotation", "a refresh token is used a second time")
        }
        guard tokens.livingRefresh.contains(token) else { throw .deadGrant }
        if entry.rotation == "single-use" {
            tokens.livingRefresh.remove(token)
            tokens.usedRefresh.insert(token)
        }
    }
}
