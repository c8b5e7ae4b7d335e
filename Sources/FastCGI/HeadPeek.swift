import CFastCGI
import Encoding
import Glibc

/// Looking at a connection's bytes before libfcgi reads them.
extension Connection {
    /// The result of a look.
    enum Peek {
        /// The whole head of a request, fit for libfcgi, which reads texts up to a NUL.
        case request(hasNUL: Bool)
        /// A record about the connection itself.
        case management(FCGI_Header)
        case malformed(String)
        /// Nothing has come.
        case nothing
        /// nginx has closed its end.
        case end
    }

    /// Looks at all of a request's head without consuming it; waits while it is incomplete.
    ///
    /// - Parameter limit: The longest wait. Unconsumed bytes fill the system's buffer, the sooner
    ///   the smaller their pieces: then the rest can never come.
    func peekHead(within limit: Duration) -> Peek {
        withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 8) { buffer in
            let count = recv(
                descriptorNumber, buffer.baseAddress, buffer.count, Int32(MSG_PEEK | MSG_DONTWAIT))
            if count < 0 && errno == EAGAIN { return .nothing }
            if count <= 0 { return .end }
            var header = FCGI_Header()
            if count >= MemoryLayout<FCGI_Header>.size {
                header = buffer.loadUnaligned(as: FCGI_Header.self)
                if header.isManagement { return .management(header) }
            }
            var scanner = HeadScanner()
            let progress = scanner.scan(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            if progress == .incomplete {
                return peekOn(from: count, &scanner, buffer, limit)
            }
            return Self.peek(progress, scanner)
        }
    }

    /// Looks on behind the bytes that were seen, a piece at a time.
    private func peekOn(
        from start: Int, _ scanner: inout HeadScanner, _ buffer: UnsafeMutableRawBufferPointer,
        _ limit: Duration
    ) -> Peek {
        setPeekOffset(Int32(start))
        limitReceiveTime(limit)
        defer {
            setPeekOffset(-1)
            limitReceiveTime(.zero)
        }
        let end = WorkerPool.milliseconds() + limit.inMilliseconds
        while true {
            let count = recv(descriptorNumber, buffer.baseAddress, buffer.count, Int32(MSG_PEEK))
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN || WorkerPool.milliseconds() >= end {
                return .malformed("it did not come whole within \(limit.inWholeSeconds) s")
            }
            if count <= 0 { return .malformed("the connection ended inside it") }
            let progress = scanner.scan(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            if progress != .incomplete { return Self.peek(progress, scanner) }
        }
    }

    private static func peek(_ progress: HeadScanner.Progress, _ scanner: HeadScanner) -> Peek {
        if case .refused(let reason) = progress { return .malformed(reason) }
        return .request(hasNUL: scanner.hasNUL)
    }

    /// Sets the offset of the next look; -1 is the default, the next unread byte.
    private func setPeekOffset(_ offset: Int32) {
        var offset = offset
        setsockopt(
            descriptorNumber, SOL_SOCKET, SO_PEEK_OFF, &offset, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Whether FCGI_ABORT_REQUEST comes next (FastCGI 1.0 §5.4).
    var hasAbortRecord: Bool {
        if input?.isAborted == true { return true }
        var header = FCGI_Header()
        let size = MemoryLayout<FCGI_Header>.size
        return recv(descriptorNumber, &header, size, Int32(MSG_PEEK | MSG_DONTWAIT)) == size
            && header.version == FCGI_VERSION_1 && header.type == FCGI_ABORT_REQUEST
    }
}
