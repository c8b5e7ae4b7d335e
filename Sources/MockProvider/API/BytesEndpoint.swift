import HTTPTypes
import Headers
import Web

/// The endpoint `/api/bytes/{n}`: n known bytes with a length, whole or a range (RFC 9110 §14).
struct BytesEndpoint: MockEndpoint {
    func respond(to request: Request, path: PathParameters) throws -> Response {
        guard let size = Int(path["n"]), (0...Bytes.limit).contains(size) else {
            return APIError.badRequest("the number of bytes must be 0 to \(Bytes.limit)")
        }
        let tag = "\"bytes-\(size)\""
        var headers: HeaderFields = [
            .contentType: "application/octet-stream", .acceptRanges: "bytes", .eTag: tag,
        ]
        let condition = request.headers[.ifRange]
        let wanted = condition == nil || condition == tag ? request.headers[.range] : nil
        switch ByteRange(wanted, size: size) {
        case .whole:
            return send(0..<size, .ok, headers, isHead: request.method == .head)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            return send(range, .partialContent, headers, isHead: request.method == .head)
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private func send(
        _ range: Range<Int>, _ status: HTTPResponse.Status, _ headers: HeaderFields, isHead: Bool
    ) -> Response {
        var headers = headers
        headers[.contentLength] = String(range.count)
        return Response(
            status: status, headers: headers,
            body: .stream { writer in
                if isHead { return }
                try Bytes.write(range.count, from: range.lowerBound, to: writer)
            })
    }
}

/// The range that a Range field asks for. Several ranges at once are answered with the whole, which
/// RFC 9110 §14.2 allows.
enum ByteRange: Equatable {
    case whole
    case part(Range<Int>)
    case unsatisfiable

    init(_ field: String?, size: Int) {
        guard let field, field.hasPrefix("bytes="), !field.contains(",") else {
            self = .whole
            return
        }
        let ends = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else {
            self = .whole
            return
        }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
        case (let first?, nil) where ends[1].isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (nil, let count?) where ends[0].isEmpty:
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .unsatisfiable
        default: self = .whole
        }
    }
}
