import Encoding
import Web

extension Disguise {
    /// The grant type of a refresh, from the entry.
    var refreshGrantType: String { entry.text("refresh", "grantType") ?? "refresh_token" }

    /// Answers at the refresh endpoint, where it is not the token endpoint.
    mutating func refresh(
        _ request: DisguisedRequest, _ surroundings: Surroundings
    ) throws(Refusal) -> Response {
        var given = try tokenParameters(request, at: "refresh.uri")
        try given.need("grant_type", is: refreshGrantType, rule: "refresh.grantType")
        return try renew(request, given, surroundings)
    }

    /// Refreshes the tokens (RFC 6749 §6) by the rules of the entry.
    ///
    /// - Parameter given: The parameters without the grant type.
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

    /// The parameters of every token request, and those of a refresh, which replace them.
    private var renewalParameters: [Form.Field] {
        let own = entry.fields(entry.json["refresh"]?["parameters"])
        let shared = entry.fields(entry.json["tokenParameters"])
        return own + shared.filter { field in !own.contains { $0.name == field.name } }
    }

    /// Uses the token up; the second use of a single-use token ends the grant.
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
