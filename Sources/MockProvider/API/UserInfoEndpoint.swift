import Encoding
import Web

/// The endpoint `/userinfo`, which names the user of the access token.
struct UserInfoEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        switch Gate.accessToken.check(request, provider) {
        case .refused(let response):
            provider.count("userinfo.unauthorized")
            return response
        case .allowed(let user):
            provider.count("userinfo")
            return .json([
                "sub": .string(user), "name": .string(user),
                "email": .string("\(user)@example.test"),
            ])
        }
    }
}
