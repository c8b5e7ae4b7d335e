import Encoding
import HTTPTypes
import Headers
import Web

/// An order of the control endpoint: for tests, on this machine, without authentication.
struct ControlEndpoint: MockEndpoint {
    let provider: SimulatedProvider
    let order: @Sendable (ControlBody, inout ProviderState) throws(ControlError) -> JSONValue

    func respond(to request: Request, path: PathParameters) throws -> Response {
        // A page in the tester's browser must not give orders.
        if Self.isFromAPage(request.headers) {
            return .json(["error": "a page may not give orders"], status: .forbidden)
        }
        do throws(ControlError) {
            let body = try ControlBody(request)
            let outcome: Result<JSONValue, ControlError> = provider.withState { state in
                do throws(ControlError) {
                    return .success(try order(body, &state))
                } catch {
                    return .failure(error)
                }
            }
            return .json(try outcome.get()).notStored()
        } catch {
            return .json(["error": .string(error.description)], status: .badRequest)
        }
    }

    private static func isFromAPage(_ headers: HeaderFields) -> Bool {
        if headers[.origin] != nil { return true }
        guard let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ headers[$0] }) else {
            return false
        }
        return site != "none"
    }
}
