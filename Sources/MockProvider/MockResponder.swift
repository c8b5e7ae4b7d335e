import Encoding
import HTTPTypes
import Web

/// The entrance to the provider: finds the endpoint of each request.
package struct MockResponder: Responder {
    private let router: Router<[MockRoutes.Line]>
    private let stage: DisguiseStage

    package init(_ provider: SimulatedProvider) throws {
        let lines = MockRoutes(provider: provider, pages: try Pages()).all
        // The router looks at the path only, since most endpoints take any method.
        var patterns: [(pattern: String, lines: [MockRoutes.Line])] = []
        for line in lines {
            if let index = patterns.firstIndex(where: { $0.pattern == line.pattern }) {
                patterns[index].lines.append(line)
            } else {
                patterns.append((line.pattern, [line]))
            }
        }
        router = Router(patterns.map { Route(.get, $0.pattern, $0.lines) })
        stage = DisguiseStage(provider: provider)
    }

    package func respond(to request: Request) throws -> Response {
        if let response = try stage.respond(to: request) { return response }
        guard case .found(let route, let path) = router.match(method: .get, path: request.path)
        else { return APIError.response(.notFound, "there is nothing at this path") }
        let lines = route.handler
        guard let line = lines.first(where: { $0.methods?.contains(request.method) ?? true }) else {
            var response = APIError.response(.methodNotAllowed, "this method is not allowed here")
            response.headers[.allow] = lines.flatMap { $0.methods ?? [] }.map(\.rawValue)
                .joined(separator: ", ")
            return response
        }
        return try line.endpoint.respond(to: request, path: path)
    }
}
