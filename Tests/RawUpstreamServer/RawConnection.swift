import Glibc

/// One accepted connection, read and written byte by byte, without any rule of HTTP.
final class RawConnection {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Writes all of it; `false` when the peer has gone.
    @discardableResult
    func write(_ text: String) -> Bool {
        write(Array(text.utf8))
    }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Reads up to and including the blank line; `nil` when the peer closed before, or when it
    /// speaks TLS and has been told that nobody here does.
    func readHead() -> String? {
        let end: [UInt8] = [13, 10, 13, 10]
        while true {
            guard buffer.first != 0x16 else {
                write("HTTP/1.1 400 Bad Request\r\n\r\n")
                return nil
            }
            if let index = buffer.firstIndex(of: end) {
                let head = String(decoding: buffer[..<index], as: UTF8.self)
                buffer.removeFirst(index + end.count)
                return head
            }
            guard fill() else { return nil }
        }
    }

    /// Reads exactly so many bytes; fewer when the peer closed before.
    func read(_ count: Int) -> [UInt8] {
        while buffer.count < count, fill() {}
        let bytes = Array(buffer.prefix(count))
        buffer.removeFirst(bytes.count)
        return bytes
    }

    /// Reads a line, without its CR LF; `nil` when the peer closed before.
    func readLine() -> String? {
        while true {
            if let index = buffer.firstIndex(of: 10) {
                let line = String(decoding: buffer[..<index].filter { $0 != 13 }, as: UTF8.self)
                buffer.removeFirst(index + 1)
                return line
            }
            guard fill() else { return nil }
        }
    }

    /// Waits until the peer has closed, or for so many milliseconds.
    func waitForClose(milliseconds: Int32) {
        let hangUp: Int16 = 0x2000  // POLLRDHUP, which Glibc's module hides.
        var watched = pollfd(fd: descriptor, events: hangUp, revents: 0)
        poll(&watched, 1, milliseconds)
    }

    /// Makes the coming close a reset (RST) instead of an orderly end (FIN).
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer.append(contentsOf: piece[..<count])
        return true
    }
}

extension [UInt8] {
    fileprivate func firstIndex(of pattern: [UInt8]) -> Int? {
        guard count >= pattern.count else { return nil }
        return (0...(count - pattern.count)).first {
            self[$0..<$0 + pattern.count].elementsEqual(pattern)
        }
    }
}
