import Encoding
import HTTPClient
import HTTPTypes
import Headers

/// A provider's whole answer: bounded, decoded, and read as its declared type.
struct ProviderAnswer {
    /// The most bytes that are accepted of an answer (SECURITY 36).
    static let limit = 65_536

    let status: Int
    let headers: HeaderFields
    /// All of it, or as much as came.
    let bytes: [UInt8]
    /// The error that kept the body of a success from being read to its end.
    let flaw: OAuthError?
    /// True when the bytes are in a coding that can't be undone here.
    let isOpaque: Bool

    var isSuccess: Bool { (200...299).contains(status) }

    /// Sends a request and reads its answer to the end.
    ///
    /// A success is an answer even with a damaged body: the provider has done what was asked, and
    /// the received part may hold the only valid token. A body in an unknown coding says nothing.
    ///
    /// - Throws: ``OAuthError/outage(_:)`` or ``OAuthError/timedOut``.
    init(
        to request: OutgoingRequest, over transport: any HTTPTransport, limit: Int = limit
    ) throws(OAuthError) {
        var request = request
        request.declineCodings()
        let body: WholeBody
        do {
            let exchange = try transport.send(request)
            status = exchange.head.status.code
            headers = exchange.head.headerFields
            body = WholeBody(of: exchange, upTo: limit)
        } catch {
            throw OAuthError(transfer: error)
        }
        bytes = body.bytes
        flaw = body.flaw.map(OAuthError.init(transfer:))
        isOpaque = if case ContentCodingError.unknown? = body.flaw { true } else { false }
        guard isSuccess || body.flaw == nil || body.flaw is ContentCodingError else {
            throw OAuthError(transfer: body.flaw ?? HTTPClientError.responseTooLarge)
        }
    }

    /// The answer's members, from JSON or from a form (some old providers); `nil` when it is
    /// neither, or no object.
    var members: JSONValue? {
        if let value = try? JSONValue(parsing: bytes), value.members != nil { return value }
        return isForm ? formMembers : nil
    }

    /// The same of an error, which has to be understood whatever stands beside its code.
    var toldMembers: JSONValue? {
        if let members { return members }
        if isOpaque { return nil }
        let text = AnswerText(bytes).bytes
        if isForm { return LooseForm.members(text, decisive: []) }
        guard text.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") else {
            return nil
        }
        var reader = LooseJSONReader(text)
        return reader.nextObject()?.members
    }

    /// The fields that say when to ask again.
    var pacing: HeaderFields { headers.pacing }

    var isForm: Bool {
        let type = headers[.contentType]?.prefix { $0 != ";" } ?? ""
        return type.filter { $0 != " " }.lowercased() == "application/x-www-form-urlencoded"
    }

    private var formMembers: JSONValue? {
        guard let text = String(validating: bytes, as: UTF8.self), let form = Form(encoded: text),
            Set(form.fields.map(\.name)).count == form.fields.count
        else { return nil }
        return .object(form.fields.map { ($0.name, .string($0.value)) })
    }
}

extension OAuthError {
    /// Creates the error for a failed transfer. A text of libcurl's is kept only where nothing can
    /// have been sent yet, so that it can't repeat a secret.
    package init(transfer error: any Error) {
        switch error {
        case let error as OAuthError: self = error
        case ContentCodingError.unknown(let name): self = .outage(.coded(name))
        case ContentCodingError.broken(let name):
            self = .outage(.coded("\(name), cut short or damaged"))
        case HTTPClientError.timedOut: self = .timedOut
        case HTTPClientError.responseTooLarge, HTTPClientError.headerTooLarge:
            self = .outage(.tooLarge)
        case HTTPClientError.badURL: self = .badEndpoint("the transport refuses it")
        case HTTPClientError.addressRefused:
            self = .badEndpoint("its address may not be called")
        case HTTPClientError.nameNotResolved(let text):
            self = .outage(.network("name not resolved: \(text)"))
        case HTTPClientError.connectionFailed(let text):
            self = .outage(.network("no connection: \(text)"))
        case HTTPClientError.tlsFailed(let text), HTTPClientError.certificateRefused(let text):
            self = .outage(.network("TLS: \(text)"))
        case HTTPClientError.broken(let phase, _):
            self = .outage(.network("the connection broke (\(phase.rawValue))"))
        case HTTPClientError.malformedResponse:
            self = .outage(.network("the answer is not HTTP"))
        default: self = .outage(.network("the transfer failed"))
        }
    }
}
