import Encoding
import HTTPTypes
import Web

extension Disguise {
    /// Returns the endpoint that a request reached. If two have the same address, it is the one
    /// with the narrower use.
    func door(for request: DisguisedRequest) -> DisguisedDoor {
        if entry.address("authUri")?.isMet(by: request) ?? false { return .authorization }
        if refreshAddress?.isMet(by: request) ?? false { return .refresh }
        if entry.address("tokenUri")?.isMet(by: request) ?? false { return .token }
        if isRevocation(request) { return .revocation }
        if lookupAddress?.isMet(by: request) ?? false, request.method == lookupMethod {
            return .lookup
        }
        return apiAddresses.contains { $0.holds(request) } ? .api : .nowhere
    }

    /// The address at which tokens are refreshed, where it is not the token endpoint.
    private var refreshAddress: EntryAddress? {
        entry.text("refresh", "uri").flatMap { EntryAddress(entry.filled($0)) }
    }

    var lookupAddress: EntryAddress? {
        entry.text("lookup", "uri").flatMap { EntryAddress(entry.filled($0)) }
    }

    var lookupMethod: String { entry.text("lookup", "method") ?? "GET" }

    private var apiAddresses: [EntryAddress] {
        ([entry.text("apiBaseUri")].compactMap(\.self) + (entry.list(entry.json["apiHosts"]) ?? []))
            .compactMap { EntryAddress(entry.filled($0)) }
    }

    private func isRevocation(_ request: DisguisedRequest) -> Bool {
        guard let address = revocationAddress else { return false }
        return address.isMet(by: request) || address.token(in: request) != nil
    }

    /// Returns the answer to a refused request: the broken rule of the entry, or else the error in
    /// the provider's own form.
    func answer(to refusal: Refusal) -> Response {
        switch refusal {
        case .broken(let rule, let text):
            return .json(
                [
                    "error": "broken_rule", "rule": .string(rule),
                    "error_description": .string(text),
                ],
                status: .badRequest)
        case .code(let code): return error(code)
        case .deadGrant: return deadGrant()
        case .unauthorized:
            var response = Response.json(["error": "invalid_token"], status: .unauthorized)
            response.headers[.wwwAuthenticate] = #"Bearer error="invalid_token""#
            return response
        }
    }

    /// Returns an error of RFC 6749 §5.2, or one with status 200 and a mark where the provider
    /// sends such errors.
    private func error(_ code: String) -> Response {
        let error: JSONValue = ["error": .string(code), "error_description": "as it should be"]
        if let failure = entry.json["tokenResponse"]?["failure"] {
            return .json(with(failure, in: error), status: .ok)
        }
        return .json(error, status: code == "invalid_client" ? .unauthorized : .badRequest)
    }

    /// Returns the first of the entry's signs of a dead grant, or the error of RFC 6749 §5.2.
    private func deadGrant() -> Response {
        guard let sign = entry.json["refresh"]?["dead"]?.elements?.first else {
            return error("invalid_grant")
        }
        let failure = entry.json["tokenResponse"]?["failure"]
        let status = sign["status"]?.intValue ?? (failure == nil ? 400 : 200)
        var answer = failure.map { with($0, in: ["error": "dead"]) } ?? ["error": "dead"]
        if sign["member"] != nil { answer = with(sign, in: answer) }
        return .json(answer, status: HTTPResponse.Status(code: status))
    }

    /// Returns the answer with the mark of errors that come with status 200.
    private func with(_ failure: JSONValue, in answer: JSONValue) -> JSONValue {
        AnswerPath(failure["member"]?.stringValue ?? "error").put(
            .scalar(failure["is"]?.scalarText ?? ""), into: answer, fill: { entry.filled($0) })
    }

    /// Returns the answer with the opposite of that mark, if the mark is a boolean.
    func withSuccess(_ answer: JSONValue) -> JSONValue {
        guard let failure = entry.json["tokenResponse"]?["failure"],
            case .bool(let isFailure) = JSONValue.scalar(failure["is"]?.scalarText ?? "")
        else { return answer }
        return AnswerPath(failure["member"]?.stringValue ?? "").put(
            .bool(!isFailure), into: answer, fill: { entry.filled($0) })
    }
}
