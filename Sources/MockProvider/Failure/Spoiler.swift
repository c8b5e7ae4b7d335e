import Encoding
import HTTPTypes
import Web

/// A transformation of a good answer into a bad one.
struct Spoiler {
    let provider: SimulatedProvider
    let client: any ClientConnection

    func spoil(_ answer: Response, _ mode: FailureMode) throws -> Response {
        switch mode {
        case .status(let code, let headers):
            var response = Response.json(
                ["error": "temporarily_unavailable"], status: HTTPResponse.Status(code: code))
            response.headers.append(contentsOf: headers)
            return response
        case .error(let code, let status):
            var error = ProtocolError(code, "ordered by a test")
            error.status = HTTPResponse.Status(code: status)
            return error.response
        case .html(let status):
            return .text(
                "<html><body><h1>It works!</h1></body></html>\n",
                status: HTTPResponse.Status(code: status), contentType: "text/html")
        case .huge(let bytes): return Self.huge(bytes)
        case .hang(let milliseconds):
            try wait(milliseconds)
            return .text("too late\n", status: .gatewayTimeout)
        case .delay(let milliseconds):
            try wait(milliseconds)
            return answer
        case .hold(let milliseconds):
            try hold(milliseconds)
            return answer
        case .drip(let milliseconds): return drip(answer, milliseconds)
        case .truncated: return Self.half(answer, isCut: false)
        case .cut: return Self.half(answer, isCut: true)
        case .without(let member): return Self.edit(answer, member, nil)
        case .with(let member, let value): return Self.edit(answer, member, .string(value))
        case .form: return Self.form(answer)
        case .gzip: return Self.gzip(answer)
        case .ending(let text): return Self.ending(answer, text)
        }
    }

    func wait(_ milliseconds: Int) throws {
        guard provider.wait(milliseconds: milliseconds, for: { client.isGone }) else {
            throw ClientGone()
        }
    }

    /// Waits for the next release; the counter `held` shows that the wait has begun.
    private func hold(_ milliseconds: Int) throws {
        let release = provider.withState { state in
            state.count("held")
            return state.releases
        }
        let isReleased = { provider.withState { $0.releases != release } }
        guard provider.wait(milliseconds: milliseconds, for: { client.isGone }, until: isReleased)
        else { throw ClientGone() }
    }

    private static func huge(_ bytes: Int) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .stream { writer in
                try writer.write(#"{"token_type":"Bearer","access_token":""#)
                let block = String(repeating: "a", count: 65_536)
                for _ in 0..<(bytes / 65_536 + 1) { try writer.write(block) }
                try writer.write(#""}"#)
            })
    }

    private func drip(_ answer: Response, _ milliseconds: Int) -> Response {
        var response = answer
        if case .stream(let produce) = answer.body {
            response.body = .stream { writer in
                try produce(DripWriter(writer) { try wait(milliseconds) })
            }
            return response
        }
        let bytes = Self.bytes(answer)
        response.body = .stream { writer in
            for byte in bytes {
                try withUnsafeBytes(of: byte) { try writer.write($0) }
                try writer.flush()
                try wait(milliseconds)
            }
        }
        return response
    }

    private static func half(_ answer: Response, isCut: Bool) -> Response {
        if case .stream(let produce) = answer.body { return half(answer, produce) }
        let bytes = bytes(answer)
        let start = [UInt8](bytes.prefix(bytes.count / 2))
        var response = answer
        guard isCut else {
            response.body = .bytes(start)
            return response
        }
        response.headers[.contentLength] = String(bytes.count)
        response.body = .stream { writer in
            try start.withUnsafeBytes { try writer.write($0) }
            try writer.flush()
            throw OrderedCut()
        }
        return response
    }

    /// Returns a stream that breaks off: half of a stream would look like a complete one.
    private static func half(
        _ answer: Response, _ produce: @escaping (any ResponseWriter) throws -> Void
    ) -> Response {
        let length = answer.headers[.contentLength].flatMap { Int($0) }
        var response = answer
        response.body = .stream { writer in
            let writer = CutWriter(writer, length: length)
            try produce(writer)
            // The answer to a HEAD has no body to cut.
            if writer.hasWritten { throw OrderedCut() }
        }
        return response
    }

    /// Returns the answer with another value for a member of its JSON object, or without it.
    private static func edit(
        _ answer: Response, _ member: String, _ value: JSONValue?
    ) -> Response {
        guard let members = (try? JSONValue(parsing: bytes(answer)))?.members else { return answer }
        var edited = members.filter { $0.name != member }.map { ($0.name, $0.value) }
        if let value { edited.append((member, value)) }
        var response = answer
        response.body = .bytes(JSONValue.object(edited).encoded())
        return response
    }

    private static func form(_ answer: Response) -> Response {
        guard let members = (try? JSONValue(parsing: bytes(answer)))?.members else { return answer }
        let form = Form(
            members.map { member in
                let number = member.value.intValue.map(String.init)
                return Form.Field(member.name, member.value.stringValue ?? number ?? "")
            })
        var response = answer
        response.headers[.contentType] = "application/x-www-form-urlencoded"
        response.body = .bytes([UInt8](form.encoded.utf8))
        return response
    }

    private static func gzip(_ answer: Response) -> Response {
        var response = answer
        response.headers[.contentEncoding] = "gzip"
        response.body = .bytes(Gzip.stored(bytes(answer)))
        return response
    }

    /// Replaces the last byte by a text in ISO 8859-1, which has a byte for each of Unicode's first
    /// 256 characters: so the answer can have bytes that are not UTF-8.
    private static func ending(_ answer: Response, _ text: String) -> Response {
        let end = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        var response = answer
        response.body = .bytes(bytes(answer).dropLast() + end)
        return response
    }

    /// Returns the part of the answer's body that is in memory.
    private static func bytes(_ answer: Response) -> [UInt8] {
        if case .bytes(let bytes) = answer.body { bytes } else { [] }
    }
}
