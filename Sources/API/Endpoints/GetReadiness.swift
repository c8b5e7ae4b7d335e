import HTTPTypes
import Keeper
import Web

/// `GET /grantkeeper/readyz`: the database can be read and takes writes.
struct GetReadiness: Endpoint {
    private let readiness: Readiness

    init(_ readiness: Readiness) {
        self.readiness = readiness
    }

    func respond(to request: APIRequest) throws -> Response {
        try readiness.check()
        return .json(["status": "ready"])
    }
}
