import Web

/// A writer that passes a stream on byte by byte.
final class DripWriter: ResponseWriter {
    private let writer: any ResponseWriter
    private let wait: () throws -> Void

    /// - Parameter wait: Waits for some time, after each byte.
    init(_ writer: any ResponseWriter, wait: @escaping () throws -> Void) {
        self.writer = writer
        self.wait = wait
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        for index in bytes.indices {
            try writer.write(UnsafeRawBufferPointer(rebasing: bytes[index...index]))
            try writer.flush()
            try wait()
        }
    }

    func flush() throws { try writer.flush() }
}
