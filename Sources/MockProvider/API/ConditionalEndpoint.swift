import Encoding
import HTTPTypes
import Headers
import Web

/// The endpoint `/api/etag?tag=`: a document with an entity tag; 304 and 412 as in RFC 9110 §13.
struct ConditionalEndpoint: MockEndpoint {
    func respond(to request: Request, path: PathParameters) throws -> Response {
        let tag = "\"\(request.queryForm?["tag"] ?? "v1")\""
        let headers: HeaderFields = [.eTag: tag, .cacheControl: "private, no-cache"]
        if let condition = request.headers[.ifMatch], !Self.isListed(tag, in: condition) {
            return Response(status: .preconditionFailed, headers: headers)
        }
        if let condition = request.headers[.ifNoneMatch], Self.isListed(tag, in: condition) {
            return Response(status: .notModified, headers: headers)
        }
        var response = Response.json(["tag": .string(tag)])
        response.headers.append(contentsOf: headers)
        return response
    }

    private static func isListed(_ tag: String, in condition: String) -> Bool {
        condition == "*"
            || condition.split(separator: ",").contains {
                let listed = $0.trimmingSpaces()
                return listed == tag || listed == "W/" + tag
            }
    }
}
