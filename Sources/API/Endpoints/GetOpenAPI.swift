import HTTPTypes
import Web

/// `GET /grantkeeper/openapi.json`: the API, described for programs.
struct GetOpenAPI: Endpoint {
    func respond(to request: APIRequest) throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .bytes(try APIDescription.document()))
    }
}
