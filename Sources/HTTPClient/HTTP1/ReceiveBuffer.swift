import Glibc
import Locking

/// Memory for bytes that were received and not yet taken. Belongs to one thread at a time.
///
/// Buffers are used again: an exchange that waits with nothing in its buffer gives it back, so
/// that exchanges with slow servers hold none.
final class ReceiveBuffer {
    /// In bytes. No line of an answer's head may be longer.
    static let capacity = 65_536

    private let memory: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0

    private init() {
        memory = .allocate(byteCount: Self.capacity, alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    var isEmpty: Bool { start == end }

    /// Whether there is no room behind the present bytes.
    var isFull: Bool { end - start == memory.count }

    /// The bytes that were not taken yet; valid until the next call.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[start..<end])
    }

    /// Returns room for more bytes, behind the present ones.
    func makeRoom() -> UnsafeMutableRawBufferPointer {
        if start == end {
            start = 0
            end = 0
        } else if end == memory.count, let base = memory.baseAddress {
            memmove(base, base + start, end - start)
            end -= start
            start = 0
        }
        return UnsafeMutableRawBufferPointer(rebasing: memory[end...])
    }

    /// Notes that so many bytes were put where ``makeRoom()`` said.
    func added(_ count: Int) {
        end += count
    }

    /// Runs a body that looks ahead: the bytes that it takes are in the buffer again afterwards.
    func looking<Result>(
        _ look: () throws(HTTPClientError) -> Result
    ) throws(HTTPClientError) -> Result {
        let before = start
        defer { start = before }
        return try look()
    }

    /// Takes at most so many bytes.
    ///
    /// - Returns: The bytes; valid until the next call.
    func take(atMost count: Int) -> UnsafeRawBufferPointer {
        let taken = min(count, end - start)
        defer { start += taken }
        return UnsafeRawBufferPointer(rebasing: memory[start..<start + taken])
    }

    /// Takes a line with its LF, the shortest there is.
    ///
    /// - Returns: The line; valid until the next call. `nil` as long as its end is not there.
    func takeLine() -> UnsafeRawBufferPointer? {
        guard start < end, let base = memory.baseAddress,
            let lineFeed = memchr(base + start, 0x0A, end - start)
        else { return nil }
        return take(atMost: UnsafeRawPointer(lineFeed) - UnsafeRawPointer(base + start) + 1)
    }
}

/// The buffers that are not in use.
extension ReceiveBuffer {
    private static let most = 64
    private static let unused = BargingLock(Unused())

    /// `@unchecked Sendable`: the lock guards it, and its contents have no other owner.
    private struct Unused: @unchecked Sendable {
        var buffers: [ReceiveBuffer] = []
    }

    /// Borrows an empty buffer; ``giveBack(_:)`` ends that, or just dropping it.
    static func borrow() -> ReceiveBuffer {
        unused.withLock { $0.buffers.popLast() } ?? ReceiveBuffer()
    }

    /// Gives back a buffer that the caller must not touch again.
    static func giveBack(_ buffer: ReceiveBuffer) {
        buffer.start = 0
        buffer.end = 0
        unused.withLock { unused in
            if unused.buffers.count < most { unused.buffers.append(buffer) }
        }
    }
}
