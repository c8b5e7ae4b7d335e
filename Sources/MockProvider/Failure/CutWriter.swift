import Web

/// Passes on the first half of a stream, and then has the connection cut.
final class CutWriter: ResponseWriter {
    private let writer: any ResponseWriter
    /// How many bytes are still passed on; `nil` as long as nobody knows how many there will be.
    private var remaining: Int?
    private(set) var hasWritten = false

    /// - Parameter length: Of the whole stream; of one without, half of the first write is passed on.
    init(_ writer: any ResponseWriter, length: Int?) {
        self.writer = writer
        remaining = length.map { $0 / 2 }
    }

    /// - Throws: ``OrderedCut`` where the stream ends.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        if bytes.isEmpty { return }
        hasWritten = true
        let rest = remaining ?? max(1, bytes.count / 2)
        try writer.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(rest)))
        remaining = rest - min(rest, bytes.count)
        guard remaining == 0 else { return }
        try writer.flush()
        throw OrderedCut()
    }

    func flush() throws { try writer.flush() }
}

/// The connection is cut because a test ordered it.
struct OrderedCut: Error {}
