import HTTPClient
import HTTPTypes
import Proxying
import Web

/// `GET /api/integrations/{id}/request/{path*}`, and every other method: the call is the request
/// itself. Without a path it goes to the base; `POST …/request` is the JSON form's.
struct ProxyPathForm: Endpoint {
    private let relay: Relay
    /// A body of a declared length up to this is held, so that it can be sent again after a
    /// forced refresh, in bytes.
    private static let heldLength: Int64 = 65_536

    init(_ relay: Relay) {
        self.relay = relay
    }

    var crossSitePolicy: CrossSitePolicy { .protectsEverything }

    func respond(to request: APIRequest) throws -> Response {
        let incoming = request.request
        guard CallMethods.allows(incoming.method) else {
            throw Problem.methodNotAllowed(CallMethods.usual)
        }
        let call = ProxyCall(
            method: incoming.method, target: .path(Self.target(request)),
            headers: .incoming(incoming.headers), body: try Self.body(of: incoming),
            watchedDescriptor: incoming.client.descriptor,
            marks: LoopMark.passedOn(incoming.headers), id: incoming.id)
        return try relay.respond(to: request, with: call, asOf: incoming.record.begun)
    }

    /// Returns the rest of the path, as written, with the query.
    private static func target(_ request: APIRequest) -> String {
        let path = request.parameters["path"]
        let query = request.request.query.map { "?\($0)" } ?? ""
        return path.isEmpty ? query : "/\(path)\(query)"
    }

    private static func body(of request: Request) throws -> OutgoingBody {
        let body = request.body
        if let length = body.length, length <= heldLength {
            let bytes = try body.collect(upTo: Int(heldLength))
            request.record.bytesToUpstream = Int64(bytes.count)
            return bytes.isEmpty && !request.method.expectsBody ? .none : .bytes(bytes)
        }
        return try stream(body, of: request)
    }

    /// Makes a stream of the body. Only reading shows whether a body without a length is empty.
    private static func stream(
        _ body: any RequestBody, of request: Request
    ) throws -> OutgoingBody {
        var pending = try firstPiece(of: body)[...]
        if pending.isEmpty { return request.method.expectsBody ? .bytes([]) : .none }
        let record = request.record
        let read = { (buffer: UnsafeMutableRawBufferPointer) throws -> Int in
            let taken = pending.prefix(buffer.count)
            buffer.copyBytes(from: taken)
            pending = pending.dropFirst(taken.count)
            let count = taken.isEmpty ? try body.read(into: buffer) : taken.count
            record.bytesToUpstream += Int64(count)
            return count
        }
        return .stream(
            length: body.length, isReady: { !pending.isEmpty || body.isReady }, read: read)
    }

    private static func firstPiece(of body: any RequestBody) throws -> [UInt8] {
        try withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { buffer in
            Array(buffer[..<(try body.read(into: buffer))])
        }
    }
}
