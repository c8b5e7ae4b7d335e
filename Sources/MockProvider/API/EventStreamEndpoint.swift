import HTTPTypes
import Web

/// The endpoint `/api/stream?events=N&interval=ms`: server-sent events, each sent at once.
struct EventStreamEndpoint: MockEndpoint {
    let provider: SimulatedProvider

    func respond(to request: Request, path: PathParameters) throws -> Response {
        guard let events = request.number("events", in: 0...1_000_000, default: 5),
            let interval = request.number("interval", in: 0...60_000, default: 100)
        else { return APIError.badRequest("events or interval is not a number that is allowed") }
        let client = request.client
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .stream { writer in
                for event in 1..<(events + 1) {
                    try writer.write("id: \(event)\ndata: {\"event\":\(event)}\n\n")
                    try writer.flush()
                    guard event < events, interval > 0 else { continue }
                    guard provider.wait(milliseconds: interval, for: { client.isGone }) else {
                        throw ClientGone()
                    }
                }
            })
    }
}

extension ResponseWriter {
    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }
}
