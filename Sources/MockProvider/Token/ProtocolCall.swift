import Encoding
import HTTPTypes
import Headers
import Web

/// A form that an authenticated client posts to the token, revocation or introspection endpoint.
struct ProtocolCall {
    let parameters: Parameters
    let authentication: ReceivedClientProof

    var client: RegisteredClient { authentication.client }

    /// Returns the value of a required parameter.
    func required(_ name: String) throws(ProtocolError) -> String {
        guard let value = parameters[name] else { throw .invalidRequest("\(name) is missing") }
        return value
    }
}

/// A strict reader of these calls, which answers errors, and records calls for `/control/requests`.
struct ProtocolCallReader: Sendable {
    let provider: SimulatedProvider
    /// `token`, `revoke` or `introspect`: the prefix of the counted events.
    let endpoint: String

    /// - Parameter body: Answers the call, and names the events to count for it.
    func respond(
        to request: Request,
        _ body: (ProtocolCall) throws(ProtocolError) -> (response: Response, events: [String])
    ) throws -> Response {
        var parameters: Parameters?
        let outcome: (response: Response, events: [String])
        do throws(ProtocolError) {
            let form = try form(of: request)
            parameters = form
            outcome = try body(try check(form, request))
        } catch {
            outcome = (error.response, ["\(endpoint).error.\(error.code)"])
        }
        note(request, parameters, outcome)
        return outcome.response.notStored()
    }

    private func form(of request: Request) throws(ProtocolError) -> Parameters {
        guard request.method == .post else {
            var error = ProtocolError.invalidRequest("only POST is allowed")
            error.status = .methodNotAllowed
            error.headers[.allow] = "POST"
            throw error
        }
        // RFC 6749 §2.3.1: never in the URI.
        guard request.query == nil else {
            throw .invalidRequest("parameters belong into the body, not into the URL")
        }
        guard Self.isForm(request.headers[.contentType]) else {
            throw .invalidRequest("Content-Type must be application/x-www-form-urlencoded")
        }
        guard let bytes = try? request.body.collect(upTo: 65_536),
            let text = String(validating: bytes, as: UTF8.self), let form = Form(encoded: text)
        else { throw .invalidRequest("the body is not a well-encoded form, or it is too large") }
        return Parameters(form)
    }

    private func check(
        _ parameters: Parameters, _ request: Request
    ) throws(ProtocolError) -> ProtocolCall {
        if let name = parameters.duplicates.sorted().first {
            throw .invalidRequest("\(name) is sent more than once")
        }
        return ProtocolCall(
            parameters: parameters, authentication: try authentication(parameters, request.headers))
    }

    private func authentication(
        _ parameters: Parameters, _ headers: HeaderFields
    ) throws(ProtocolError) -> ReceivedClientProof {
        if let assertion = try ReceivedAssertion(headers, parameters) {
            return try assertion.authentication(at: provider)
        }
        let settings = provider.settings
        if endpoint == "token", headers[.authorization] == nil,
            let client = try JWTBearerGrant.client(parameters, settings)
        {
            return ReceivedClientProof(client: client, method: "none")
        }
        return try ReceivedClientProof(headers, parameters, settings: settings)
    }

    private static func isForm(_ contentType: String?) -> Bool {
        guard let type = contentType?.split(separator: ";").first else { return false }
        return type.trimmingSpaces().lowercased() == "application/x-www-form-urlencoded"
    }

    private func note(
        _ request: Request, _ parameters: Parameters?,
        _ outcome: (response: Response, events: [String])
    ) {
        let authentication =
            request.headers[.authorization] != nil
            ? "basic"
            : parameters?["client_secret"] != nil
                ? "post" : parameters?["client_assertion"] != nil ? "private_key_jwt" : "none"
        let contentType = request.headers[.contentType]
        let (now, endpoint, method) = (
            provider.surroundings.now(), endpoint, request.method.rawValue
        )
        let (status, events) = (outcome.response.status.code, outcome.events)
        let fields = parameters?.fields ?? []
        provider.withState { state in
            for event in events { state.count(event) }
            state.seen.append { number in
                SeenRequest(
                    number: number, at: now, endpoint: endpoint, method: method,
                    contentType: contentType, authentication: authentication, parameters: fields,
                    status: status, events: events)
            }
        }
    }
}

extension Substring {
    /// Returns the text without spaces and tabs at its ends.
    func trimmingSpaces() -> Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = drop(while: isSpace)
        return start.lastIndex { !isSpace($0) }.map { start[...$0] } ?? ""
    }
}
