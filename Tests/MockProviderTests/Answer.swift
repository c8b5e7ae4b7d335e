import Encoding
import HTTPTypes
import Headers
import Web

/// What the provider answered, read as a client would.
struct Answer {
    let status: Int
    let headers: HeaderFields
    let body: [UInt8]
    private let stream: ((any ResponseWriter) throws -> Void)?

    init(_ response: Response) {
        stream = if case .stream(let produce) = response.body { produce } else { nil }
        status = response.status.code
        headers = response.headers
        body = if case .bytes(let bytes) = response.body { bytes } else { [] }
    }

    /// What a streamed answer sends, and whether the connection is cut then.
    func streamed() throws -> (bytes: [UInt8], isCut: Bool) {
        let collector = Collector()
        do {
            try stream?(collector)
            return (collector.bytes, false)
        } catch is ClientGone {
            throw ClientGone()
        } catch {
            return (collector.bytes, true)
        }
    }

    private final class Collector: ResponseWriter {
        var bytes: [UInt8] = []
        func write(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes }
        func flush() {}
    }

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    var error: String? { json["error"]?.stringValue }
    var accessToken: String { json["access_token"]?.stringValue ?? "" }
    var refreshToken: String { json["refresh_token"]?.stringValue ?? "" }
    var location: String { headers[.location] ?? "" }

    /// A parameter of the URL that the browser is sent to.
    func parameter(_ name: String) -> String? {
        location.split(separator: "?").last.flatMap { Form(encoded: $0) }?[name]
    }
}
