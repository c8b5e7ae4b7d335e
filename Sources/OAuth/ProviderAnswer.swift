import Encoding
import HTTPClient
import HTTPTypes

/// A provider's whole answer: bounded, and read as what it says it is.
struct ProviderAnswer {
    /// The most bytes that are accepted of an answer (SECURITY.md 36).
    static let limit = 65_536

    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var isSuccess: Bool { (200...299).contains(status) }

    /// Sends a request and reads its answer to the end.
    ///
    /// - Throws: ``OAuthError/outage(_:)`` or ``OAuthError/timedOut``.
    init(
        to request: OutgoingRequest, over transport: any HTTPTransport, limit: Int = limit
    ) throws(OAuthError) {
        do {
            let exchange = try transport.send(request)
            status = exchange.head.status.code
            headers = exchange.head.headerFields
            try Self.refuseCompressed(headers)
            bytes = try exchange.collect(upTo: limit)
        } catch {
            throw OAuthError(transfer: error)
        }
    }

    /// The answer's members, from JSON or from a form (some old providers); `nil` when it is
    /// neither, or no object.
    var members: JSONValue? {
        if isForm { return formMembers }
        guard let value = try? JSONValue(parsing: bytes), value.members != nil else { return nil }
        return value
    }

    private var isForm: Bool {
        let type = headers[.contentType]?.prefix { $0 != ";" } ?? ""
        return type.filter { $0 != " " }.lowercased() == "application/x-www-form-urlencoded"
    }

    private var formMembers: JSONValue? {
        guard let text = String(validating: bytes, as: UTF8.self), let form = Form(encoded: text),
            Set(form.fields.map(\.name)).count == form.fields.count
        else { return nil }
        return .object(form.fields.map { ($0.name, .string($0.value)) })
    }

    /// Nothing compressed was asked for, and nothing is decoded.
    private static func refuseCompressed(_ headers: HTTPFields) throws(OAuthError) {
        let coding = headers[.contentEncoding]?.lowercased() ?? "identity"
        guard coding == "identity" || coding.isEmpty else { throw .outage(.tooLarge) }
    }
}

extension OAuthError {
    /// What a failed transfer means here. A text of libcurl's is kept only where nothing can have
    /// been sent yet, so that it can't repeat a secret.
    package init(transfer error: any Error) {
        switch error {
        case let error as OAuthError: self = error
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
