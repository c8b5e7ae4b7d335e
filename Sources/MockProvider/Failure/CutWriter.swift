import Web

/// A writer that passes on the first half of a stream, and then has the connection cut.
final class CutWriter: ResponseWriter {
    private let writer: any ResponseWriter
    /// The number of bytes that are still passed on; `nil` while the length is unknown.
    private var remaining: Int?
    private(set) var hasWritten = false

    /// - Parameter length: The length of the whole stream; when it is `nil`, half of the first
    ///   write is passed on.
    init(_ writer: any ResponseWriter, length: Int?) {
        self.writer = writer
        remaining = length.map { $0 / 2 }
    }

    /// - Throws: ``OrderedCut`` at the place of the cut.
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

/// An error that cuts the connection because a test ordered it.
struct OrderedCut: Error {}
