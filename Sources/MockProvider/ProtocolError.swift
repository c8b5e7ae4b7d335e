import Encoding
import HTTPTypes
import Headers
import Web

/// An error of the protocol (RFC 6749 §4.1.2.1 and §5.2, RFC 7009 §2.2.1).
struct ProtocolError: Error {
    var status: HTTPResponse.Status = .badRequest
    let code: String
    let description: String
    var headers: HeaderFields = [:]

    init(_ code: String, _ description: String) {
        self.code = code
        self.description = description
    }

    static func invalidRequest(_ description: String) -> Self {
        Self("invalid_request", description)
    }

    static func invalidGrant(_ description: String) -> Self {
        Self("invalid_grant", description)
    }

    /// Returns the error of a client that fails to authenticate (RFC 6749 §5.2); every 401 names a
    /// scheme (RFC 9110 §15.5.2).
    static func invalidClient(_ description: String) -> Self {
        var error = Self("invalid_client", description)
        error.status = .unauthorized
        error.headers[.wwwAuthenticate] = #"Basic realm="mock-provider", charset="UTF-8""#
        return error
    }

    /// The answer of RFC 6749 §5.2.
    var response: Response {
        var response = Response.json(
            ["error": .string(code), "error_description": .string(description)], status: status)
        response.headers.append(contentsOf: headers)
        return response.notStored()
    }
}

extension Response {
    /// Returns the answer with the fields that keep it out of caches (RFC 6749 §5.1).
    func notStored() -> Response {
        var response = self
        response.headers[.cacheControl] = "no-store"
        if let pragma = HTTPField.Name("Pragma") { response.headers[pragma] = "no-cache" }
        return response
    }
}
