import Encoding
import Web

/// The endpoint `/api/delay/{ms}`, which answers after that many milliseconds.
struct DelayEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        guard let delay = Int(path["ms"]), (0...600_000).contains(delay) else {
            return APIError.badRequest("the delay must be 0 to 600000")
        }
        guard provider.wait(milliseconds: delay, for: { request.client.isGone }) else {
            throw ClientGone()
        }
        return .json(["delay": .integer(delay)])
    }
}
