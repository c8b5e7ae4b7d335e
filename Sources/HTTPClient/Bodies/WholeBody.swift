import HTTPTypes

/// An answer's whole body in memory, its content codings undone.
///
/// Read to its end, even a broken one: the received bytes may be all that will ever come.
package struct WholeBody {
    /// As much as came and could be decoded, up to the limit.
    package private(set) var bytes: [UInt8] = []
    /// The error that kept it from being whole: an ``HTTPClientError``, or a ``ContentCodingError``.
    package private(set) var flaw: (any Error)?

    /// - Parameter limit: The most bytes to accept, before and after decoding.
    package init(of exchange: any HTTPExchange, upTo limit: Int) {
        receive(exchange, upTo: limit)
        do {
            for coding in try ContentCoding.toUndo(exchange.head.headerFields) {
                undo(coding, upTo: limit)
            }
        } catch {
            flaw = flaw ?? error
        }
        // Some servers compress twice, or do not declare the coding. No text begins like that.
        for _ in 0..<ContentCoding.most where bytes.starts(with: Inflation.gzipMark) {
            undo(.gzip, upTo: limit)
        }
    }

    private mutating func receive(_ exchange: any HTTPExchange, upTo limit: Int) {
        var bytes: [UInt8] = []
        do {
            try exchange.drain(
                to: { piece in
                    let room = limit - bytes.count
                    bytes.append(contentsOf: piece.prefix(room))
                    guard piece.count <= room else { throw HTTPClientError.responseTooLarge }
                },
                beforeWaiting: {})
        } catch {
            flaw = error
        }
        self.bytes = bytes
    }

    private mutating func undo(_ coding: ContentCoding, upTo limit: Int) {
        guard !bytes.isEmpty else { return }
        let (decoded, ending) = coding.undo(bytes, upTo: limit)
        bytes = decoded
        switch ending {
        case .whole: break
        case .tooLarge: flaw = flaw ?? HTTPClientError.responseTooLarge
        case .broken: flaw = flaw ?? ContentCodingError.broken(coding.rawValue)
        }
    }
}

extension OutgoingRequest {
    /// Asks for content as it is: without the field, any coding is allowed (RFC 9110 §12.5.3).
    package mutating func declineCodings() {
        if headers[.acceptEncoding] == nil { headers[.acceptEncoding] = "identity" }
    }
}
