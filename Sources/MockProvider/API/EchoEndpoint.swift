import Crypto
import Encoding
import HTTPTypes
import Headers
import Web

/// The endpoint `/api/echo`, which shows the request that arrived. A body of any length is counted
/// and hashed as it arrives; the first 64 KiB are shown.
///
/// Credentials are shown as fingerprints: an answer must not contain a token.
struct EchoEndpoint: MockEndpoint {
    private static let shown = 65_536

    func respond(to request: Request, path: PathParameters) throws -> Response {
        var hash = SHA256()
        var length = 0
        var start: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try request.body.read(into: $0) }
            if count == 0 { break }
            buffer.withUnsafeBytes { hash.update(bufferPointer: .init(rebasing: $0[..<count])) }
            length += count
            start.append(contentsOf: buffer[..<min(count, Self.shown - start.count)])
        }
        return .json(
            .object(
                [
                    ("method", .string(request.method.rawValue)),
                    ("path", .string(request.path)), ("query", .string(orNull: request.query)),
                    ("headers", .array(request.headers.map(Self.describe))),
                    ("declaredLength", request.body.length.map { .integer($0) } ?? .null),
                    ("bodyLength", .integer(length)),
                    ("bodySha256", .string(Text.hexadecimal(hash.finalize()))),
                ] + Self.show(start, isWhole: start.count == length)))
    }

    private static func describe(_ field: HeaderField) -> JSONValue {
        ["name": .string(field.name.rawName), "value": .string(shown(field))]
    }

    private static func shown(_ field: HeaderField) -> String {
        guard field.name == .authorization || field.name.canonicalName == "x-api-key" else {
            return field.value
        }
        let parts = field.value.split(separator: " ", maxSplits: 1)
        return parts.count == 2
            ? "\(parts[0]) fingerprint:\(Text.fingerprint(String(parts[1])))"
            : "fingerprint:\(Text.fingerprint(field.value))"
    }

    private static func show(_ start: [UInt8], isWhole: Bool) -> [(String, JSONValue)] {
        if isWhole, let text = String(validating: start, as: UTF8.self) {
            return [("body", .string(text)), ("bodyIsWhole", true)]
        }
        return [
            ("body", .null), ("bodyBase64", .string(Text.base64(start))),
            ("bodyIsWhole", .bool(isWhole)),
        ]
    }
}
