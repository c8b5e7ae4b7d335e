import CFastCGI
import Glibc

/// Records of FCGI_STDOUT that do not go through libfcgi: its stream copies everything and sends
/// 8 KB at a time, which for large bodies cost more than all the rest.
extension Connection {
    /// The longest content of a record that is a multiple of 8 bytes (FastCGI 1.0 §3.3).
    private static let longestContent = 65_528

    /// Sends a part of the answer; libfcgi's stream must have been flushed.
    ///
    /// - Returns: `false` when the connection is gone, or the client takes too little.
    func sendOutput(
        _ bytes: UnsafeRawBufferPointer, patience: inout ClientPatience
    ) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rest.count, Self.longestContent)
            let content = UnsafeRawBufferPointer(rebasing: rest[..<count])
            guard sendRecord(content, patience: &patience) else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }

    /// Sends a header of no version of FastCGI, at which nginx gives the answer up.
    ///
    /// - Returns: `false` when the connection is gone, or the client takes too little.
    func sendNoRecord(patience: inout ClientPatience) -> Bool {
        var header = FCGI_Header()
        header.version = .max
        return withUnsafeMutableBytes(of: &header) { header in
            send([iovec(iov_base: header.baseAddress, iov_len: header.count)], &patience)
        }
    }

    private func sendRecord(
        _ content: UnsafeRawBufferPointer, patience: inout ClientPatience
    ) -> Bool {
        var header = outputHeader(length: content.count)
        return withUnsafeMutableBytes(of: &header) { header in
            send(
                [
                    iovec(iov_base: header.baseAddress, iov_len: header.count),
                    iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: content.baseAddress),
                        iov_len: content.count),
                ], &patience)
        }
    }

    private func send(_ parts: [iovec], _ patience: inout ClientPatience) -> Bool {
        var parts = parts[...]
        while !parts.isEmpty {
            let sent = parts.withUnsafeMutableBufferPointer(sendWithoutWaiting)
            if sent > 0 {
                parts.drop(sent)
            } else if errno != EINTR {
                guard errno == EAGAIN, patience.wait(for: POLLOUT, on: descriptorNumber)
                else { return false }
            }
        }
        return true
    }

    private func sendWithoutWaiting(_ parts: inout UnsafeMutableBufferPointer<iovec>) -> Int {
        var message = msghdr()
        message.msg_iov = parts.baseAddress
        message.msg_iovlen = parts.count
        return sendmsg(descriptorNumber, &message, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
    }

    private func outputHeader(length: Int) -> FCGI_Header {
        var header = FCGI_Header()
        header.version = UInt8(FCGI_VERSION_1)
        header.type = UInt8(FCGI_STDOUT)
        header.requestIdB1 = UInt8(truncatingIfNeeded: request.pointee.requestId >> 8)
        header.requestIdB0 = UInt8(truncatingIfNeeded: request.pointee.requestId)
        header.contentLengthB1 = UInt8(truncatingIfNeeded: length >> 8)
        header.contentLengthB0 = UInt8(truncatingIfNeeded: length)
        return header
    }
}

extension ArraySlice<iovec> {
    /// Takes that many bytes off the front.
    fileprivate mutating func drop(_ count: Int) {
        var left = count
        while let first, left >= first.iov_len {
            left -= first.iov_len
            removeFirst()
        }
        guard let first, left > 0 else { return }
        self[startIndex] = iovec(
            iov_base: first.iov_base.map { $0 + left }, iov_len: first.iov_len - left)
    }
}
