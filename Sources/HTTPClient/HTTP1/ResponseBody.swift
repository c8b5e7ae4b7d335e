/// The body of an answer as far as it has not come yet (RFC 9112 §6.3).
enum ResponseBody {
    /// Nothing follows, or all has come.
    case none
    /// So many more bytes.
    case counted(left: Int64)
    case chunked(ChunkedBody)
    /// All until the connection ends.
    case untilClose

    var isComplete: Bool {
        switch self {
        case .none: true
        case .chunked(let body): body.isComplete
        case .counted, .untilClose: false
        }
    }

    /// Takes the next piece of content out of the buffer.
    ///
    /// - Returns: The piece, valid until the buffer is used again; `nil` when it has none.
    /// - Throws: ``HTTPClientError/broken(_:_:)``.
    mutating func next(
        in buffer: ReceiveBuffer
    ) throws(HTTPClientError) -> UnsafeRawBufferPointer? {
        switch self {
        case .none:
            return nil
        case .counted(let left):
            let piece = buffer.take(atMost: Int(clamping: left))
            self = left == Int64(piece.count) ? .none : .counted(left: left - Int64(piece.count))
            return piece.isEmpty ? nil : piece
        case .chunked(var body):
            let piece = try body.next(in: buffer)
            self = .chunked(body)
            return piece
        case .untilClose:
            let piece = buffer.take(atMost: .max)
            return piece.isEmpty ? nil : piece
        }
    }

    /// Returns the state of the body's part that is in the buffer.
    ///
    /// - Throws: ``HTTPClientError/broken(_:_:)`` when that part is malformed.
    func ahead(in buffer: ReceiveBuffer) throws(HTTPClientError) -> Ahead {
        switch self {
        case .none: return Ahead(isEmpty: true, isComplete: true)
        case .counted(let left):
            return Ahead(isEmpty: buffer.isEmpty, isComplete: Int64(buffer.bytes.count) >= left)
        case .untilClose: return Ahead(isEmpty: buffer.isEmpty, isComplete: false)
        case .chunked(let body):
            return try buffer.looking { () throws(HTTPClientError) in
                var body = body
                var ahead = Ahead(isEmpty: true, isComplete: false)
                while try body.next(in: buffer) != nil { ahead.isEmpty = false }
                ahead.isComplete = body.isComplete
                return ahead
            }
        }
    }

    /// The part of a body that has come and was not taken yet.
    struct Ahead {
        var isEmpty: Bool
        var isComplete: Bool
    }

    /// Whether its declared rest is no longer than that.
    func isAtMost(_ bytes: Int) -> Bool {
        if case .counted(let left) = self { left <= bytes } else { false }
    }

    /// Notes that the connection ended.
    ///
    /// - Throws: ``HTTPClientError/broken(_:_:)`` when more was to come.
    mutating func connectionEnded() throws(HTTPClientError) {
        guard case .untilClose = self else {
            throw .broken(.body, "the connection ended in the middle of the body")
        }
        self = .none
    }
}
