import Web

/// `GET /grantkeeper/healthz`: the process answers.
struct GetHealth: Endpoint {
    func respond(to request: APIRequest) throws -> Response {
        .json(["status": "ok"])
    }
}
