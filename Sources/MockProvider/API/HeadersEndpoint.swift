import Encoding
import HTTPTypes
import Headers
import Web

/// The endpoint `/api/headers?Name=value&…`, which answers with these header fields, repeated ones
/// too.
struct HeadersEndpoint: MockEndpoint {
    func respond(to request: Request, path: PathParameters) throws -> Response {
        var headers: HeaderFields = [:]
        for field in request.queryForm?.fields ?? [] where field.name != "api_key" {
            guard let name = HTTPField.Name(field.name), HTTPField.isValidValue(field.value) else {
                return APIError.badRequest("a header field is not well-formed")
            }
            headers.append(HeaderField(name: name, value: field.value))
        }
        var response = Response.text("these header fields\n")
        if headers[.contentType] != nil { response.headers[.contentType] = nil }
        response.headers.append(contentsOf: headers)
        return response
    }
}
