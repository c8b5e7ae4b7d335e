import Encoding
import HTTPTypes
import Headers
import Web

/// The endpoint `/api/uploads/{id}`: a file that is uploaded in parts, by `Content-Range` (RFC 9110
/// §14.5) as at Google's APIs, or by tus 1.0.
///
/// A PUT without `Content-Range` has the whole file.
struct UploadEndpoint: MockEndpoint {
    let provider: SimulatedProvider
    private static let longest = 16 << 20
    private static let version = "1.0.0"

    func respond(to request: Request, path: PathParameters) throws -> Response {
        let id = path["id"]
        switch request.method {
        case .post: return create(request, id)
        case .put: return try put(request, id)
        case .patch: return try patch(request, id)
        default: return status(id)
        }
    }

    private func create(_ request: Request, _ id: String) -> Response {
        guard let length = request.field("Upload-Length").flatMap({ Int($0) }) else {
            return APIError.badRequest("Upload-Length is missing")
        }
        store(Upload(length: length), id)
        return Response(status: .created, headers: [.location: "/api/uploads/\(id)"])
    }

    private func put(_ request: Request, _ id: String) throws -> Response {
        let bytes = try request.body.collect(upTo: Self.longest)
        guard let field = request.headers[.contentRange] else {
            store(Upload(bytes: bytes, length: bytes.count), id)
            return status(id)
        }
        guard let range = PartRange(field) else {
            return APIError.badRequest("Content-Range is malformed")
        }
        var upload = upload(id) ?? Upload(length: range.length)
        if let first = range.first {
            guard first == upload.bytes.count, range.last == first + bytes.count - 1 else {
                return APIError.response(.rangeNotSatisfiable, "the part does not follow")
            }
            upload.bytes += bytes
        }
        store(upload, id)
        guard upload.bytes.count < range.length else { return status(id) }
        // Google's own meaning of the status: it is no redirect.
        var response = Response(status: .permanentRedirect)
        if !upload.bytes.isEmpty {
            response.headers[.range] = "bytes=0-\(upload.bytes.count - 1)"
        }
        return response
    }

    private func patch(_ request: Request, _ id: String) throws -> Response {
        guard request.field("Tus-Resumable") == Self.version else {
            return APIError.response(.preconditionFailed, "Tus-Resumable is not 1.0.0")
        }
        guard var upload = upload(id) else {
            return APIError.response(.notFound, "there is no such upload")
        }
        guard request.field("Upload-Offset") == "\(upload.bytes.count)" else {
            return APIError.response(.conflict, "Upload-Offset is not where the upload stands")
        }
        upload.bytes += try request.body.collect(upTo: Self.longest)
        store(upload, id)
        return Response(status: .noContent, headers: Self.headers(of: upload))
    }

    private func status(_ id: String) -> Response {
        guard let upload = upload(id) else {
            return APIError.response(.notFound, "there is no such upload")
        }
        var response = Response.json([
            "length": .integer(upload.length), "received": .integer(upload.bytes.count),
            "text": .string(String(decoding: upload.bytes.prefix(1000), as: UTF8.self)),
        ])
        response.headers.append(contentsOf: Self.headers(of: upload))
        return response
    }

    private static func headers(of upload: Upload) -> HeaderFields {
        let fields = [
            ("Upload-Offset", "\(upload.bytes.count)"), ("Upload-Length", "\(upload.length)"),
            ("Tus-Resumable", version),
        ]
        return HeaderFields(
            fields.compactMap { name, value in
                HTTPField.Name(name).map { HeaderField(name: $0, value: value) }
            })
    }

    private func upload(_ id: String) -> Upload? {
        provider.withState { $0.uploads[id] }
    }

    private func store(_ upload: Upload, _ id: String) {
        provider.withState { $0.uploads[id] = upload }
    }
}

/// A file that is being uploaded.
struct Upload {
    var bytes: [UInt8] = []
    let length: Int
}

/// The value of `Content-Range` with a length: `bytes 0-4/10`, or `bytes */10`, which asks how many
/// bytes have arrived.
private struct PartRange {
    var first: Int?
    var last: Int?
    let length: Int

    init?(_ text: String) {
        let parts = text.split(whereSeparator: { " /".contains($0) })
        guard parts.count == 3, parts[0] == "bytes", let length = Int(parts[2]) else { return nil }
        self.length = length
        if parts[1] == "*" { return }
        let ends = parts[1].split(separator: "-").map { Int($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], 0 <= first, first <= last
        else { return nil }
        (self.first, self.last) = (first, last)
    }
}

extension Request {
    fileprivate func field(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }
}
