import Web

/// The endpoint `/api/chunked/{n}`: n known bytes without a length.
struct ChunkedEndpoint: MockEndpoint {
    func respond(to request: Request, path: PathParameters) throws -> Response {
        guard let size = Int(path["n"]), (0...Bytes.limit).contains(size) else {
            return APIError.badRequest("the number of bytes must be 0 to \(Bytes.limit)")
        }
        return Response(
            status: .ok, headers: [.contentType: "application/octet-stream"],
            body: .stream { try Bytes.write(size, to: $0) })
    }
}
