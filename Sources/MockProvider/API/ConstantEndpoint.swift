import HTTPTypes
import Headers
import Web

/// An endpoint with a constant answer, made once.
struct ConstantEndpoint: MockEndpoint {
    let headers: HeaderFields
    let bytes: [UInt8]

    func respond(to request: Request, path: PathParameters) throws -> Response {
        Response(status: .ok, headers: headers, body: bytes.isEmpty ? .empty : .bytes(bytes))
    }
}

extension ConstantEndpoint {
    /// The endpoint `/api/1k`: 1,024 bytes of JSON, for measurements.
    static let oneKilobyte: Self = {
        let start = #"{"padding":""#
        let padding = String(repeating: "x", count: 1_024 - start.utf8.count - 2)
        return Self(
            headers: [.contentType: "application/json"],
            bytes: [UInt8]((start + padding + #""}"#).utf8))
    }()

    /// The endpoint `/api/empty`: 200 without a body.
    static let empty = Self(headers: [:], bytes: [])

    /// The endpoint `/api/html`: a page with a script, which would run in the host's name if a
    /// proxy passed it on carelessly.
    static let html = Self(
        headers: [.contentType: "text/html; charset=utf-8"],
        bytes: [UInt8](
            "<!DOCTYPE html><title>mock</title><script>document.title = 'ran'</script>\n".utf8))

    /// The endpoint `/api/gzip`: JSON in gzip, also if the caller does not accept that.
    static let gzip = Self(
        headers: [.contentType: "application/json", .contentEncoding: "gzip"],
        bytes: Gzip.stored([UInt8](#"{"compressed":true}"#.utf8)))
}
