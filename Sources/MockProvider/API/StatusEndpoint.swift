import Encoding
import HTTPTypes
import Web

/// The endpoint `/api/status/{code}`, which answers with that status.
struct StatusEndpoint: MockEndpoint {
    func respond(to request: Request, path: PathParameters) throws -> Response {
        guard let code = Int(path["code"]), (200...599).contains(code) else {
            return APIError.badRequest("the status must be 200 to 599")
        }
        let status = HTTPResponse.Status(code: code)
        if code == 204 || code == 304 { return Response(status: status) }
        return .json(["status": .integer(code)], status: status)
    }
}
