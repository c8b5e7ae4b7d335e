import Encoding
import Web

/// The endpoint `/api/files?pageSize=&pageToken=`: a list of files in pages.
struct FilesEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        let total = provider.settings.files
        guard let size = request.number("pageSize", in: 1...100, default: 10) else {
            return APIError.badRequest("pageSize must be 1 to 100")
        }
        guard let start = Self.start(request.queryForm?["pageToken"], total) else {
            return APIError.badRequest("pageToken is not one that was given")
        }
        let end = min(start + size, total)
        var members: [(String, JSONValue)] = [
            ("files", .array((start..<end).map { File(number: $0 + 1).json }))
        ]
        if end < total { members.append(("nextPageToken", .string("page-\(end)"))) }
        return .json(.object(members))
    }

    private static func start(_ token: String?, _ total: Int) -> Int? {
        guard let token else { return 0 }
        guard token.hasPrefix("page-"), let start = Int(token.dropFirst(5)) else { return nil }
        return (0...total).contains(start) ? start : nil
    }
}

/// The endpoint `/api/files/{id}`: one of the files.
struct FileEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        let id = path["id"]
        guard id.hasPrefix("file-"), let number = Int(id.dropFirst(5)),
            (1...max(1, provider.settings.files)).contains(number), File(number: number).id == id
        else { return APIError.response(.notFound, "there is no such file") }
        return .json(File(number: number).json)
    }
}

/// A file that the API pretends to store.
struct File {
    let number: Int

    var id: String { "file-\(number)" }

    var json: JSONValue {
        [
            "id": .string(id), "name": .string("Report \(number).txt"),
            "mimeType": "text/plain", "size": .integer(number * 100),
        ]
    }
}
