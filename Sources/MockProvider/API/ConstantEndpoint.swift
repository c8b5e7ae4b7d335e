import Encoding
import HTTPTypes
import Web

/// An answer that is always the same, made once.
struct ConstantEndpoint: MockEndpoint {
    let headers: HTTPFields
    let bytes: [UInt8]

    func respond(to request: Request, path: PathParameters) throws -> Response {
        Response(status: .ok, headers: headers, body: bytes.isEmpty ? .empty : .bytes(bytes))
    }
}

extension ConstantEndpoint {
    /// `/api/1k`: 1,024 bytes of JSON, for measurements.
    static let oneKilobyte: Self = {
        let start = #"{"padding":""#
        let padding = String(repeating: "x", count: 1_024 - start.utf8.count - 2)
        return Self(
            headers: [.contentType: "application/json"],
            bytes: [UInt8]((start + padding + #""}"#).utf8))
    }()

    /// `/api/empty`: 200 without a body.
    static let empty = Self(headers: [:], bytes: [])

    /// `/api/html`: a page with a script, which a careless proxy would run in its host's name.
    static let html = Self(
        headers: [.contentType: "text/html; charset=utf-8"],
        bytes: [UInt8](
            "<!DOCTYPE html><title>mock</title><script>document.title = 'ran'</script>\n".utf8))

    /// `/api/gzip`: JSON in gzip, whatever the caller accepts.
    static let gzip = Self(
        headers: [.contentType: "application/json", .contentEncoding: "gzip"],
        bytes: Gzip.stored([UInt8](#"{"compressed":true}"#.utf8)))
}
