import CFastCGI
import Glibc

/// The records behind a request's head: FCGI_STDIN, and others that a client may send among them
/// (FastCGI 1.0 §3.3, §4, §5.5).
///
/// They are read here and not by libfcgi, which would answer a management record among them into 64
/// bytes on the stack, however many names it asks for: that ends the process. Bytes that libfcgi
/// has read ahead are in its buffer, which is still used.
struct InputRecords {
    private let stream: UnsafeMutablePointer<FCGX_Stream>
    private let descriptor: Int32
    private let requestID: Int32
    /// Bytes of the current record that are still to come.
    private var contentLeft = 0
    private var paddingLeft = 0
    /// Whether the empty FCGI_STDIN was read: the next bytes belong to no body.
    private(set) var hasEnded = false
    /// Records that were not the body's. nginx sends none, and each holds a worker up.
    private var strayRecords = 0
    private static let mostStrayRecords = 100
    /// Whether the connection or the protocol failed.
    private(set) var hasFailed = false

    /// Begins where libfcgi has read a request's parameters.
    init?(_ request: FCGX_Request) {
        guard let stream = request.`in` else { return nil }
        self.stream = stream
        descriptor = request.ipcFd
        requestID = request.requestId
    }

    /// The number of bytes that were read and not yet taken; they may belong to any record.
    var unread: Int { fcgx_unread_bytes(stream) }

    /// Whether reading returns without more from the connection. The rest of a record's padding, or
    /// a part of the next record's header, is not enough for that.
    var needsNoInput: Bool {
        if hasEnded || hasFailed { return true }
        let needed = contentLeft > 0 ? 1 : paddingLeft + MemoryLayout<FCGI_Header>.size
        return unread >= needed
    }

    /// Whether the body's end needs no more reading from the connection.
    var isEndAtHand: Bool {
        hasEnded || contentLeft == 0 && paddingLeft == 0 && fcgx_ends_next(stream) != 0
    }

    /// Whether FCGI_ABORT_REQUEST has been read behind the body.
    var isAborted: Bool {
        hasEnded && fcgx_record_is_next(stream, UInt8(FCGI_ABORT_REQUEST)) != 0
    }

    /// Takes the received bytes of the body, waiting for at least one; 0 is the end or a failure.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        while count < buffer.count, !hasEnded, !hasFailed {
            if contentLeft > 0 {
                if count > 0, unread <= 0 { break }
                let room = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                let taken = take(into: room, atMost: contentLeft)
                contentLeft -= taken
                count += taken
            } else {
                // The next record is not waited for once there is something.
                if count > 0, unread < paddingLeft + MemoryLayout<FCGI_Header>.size { break }
                beginRecord()
            }
        }
        return count
    }

    /// Reads 64 KB at a time from now on.
    func enlargeBuffer() {
        fcgx_enlarge_input(stream, 65_536)
    }

    /// Reads the next record's header, and all of a record that is not the body's.
    private mutating func beginRecord() {
        var header = FCGI_Header()
        guard skip(paddingLeft), fill(&header) else { return }
        paddingLeft = Int(header.paddingLength)
        if header.version == FCGI_VERSION_1, header.type == FCGI_STDIN,
            header.requestID == requestID
        {
            contentLeft = header.contentLength
            if contentLeft == 0, skip(paddingLeft) { hasEnded = true }
            return
        }
        strayRecords += 1
        guard strayRecords <= Self.mostStrayRecords, let answer = answer(to: header),
            skip(header.contentLength + paddingLeft)
        else {
            hasFailed = true
            return
        }
        paddingLeft = 0
        if !answer.isEmpty,
            send(descriptor, answer, answer.count, Int32(MSG_NOSIGNAL)) != answer.count
        {
            hasFailed = true
        }
    }

    /// Returns the answer to a record that is not the body's, which may be empty; `nil` when the
    /// record is not allowed there.
    private func answer(to header: FCGI_Header) -> [UInt8]? {
        guard header.version == FCGI_VERSION_1 else { return nil }
        if header.isManagement { return header.managementAnswer }
        if header.type == FCGI_BEGIN_REQUEST {
            return header.requestID == requestID || header.requestID == 0
                ? nil : header.multiplexingRefusal
        }
        return header.requestID == requestID ? nil : []
    }

    private mutating func fill(_ header: inout FCGI_Header) -> Bool {
        withUnsafeMutableBytes(of: &header) { bytes in
            var count = 0
            while count < bytes.count {
                let room = UnsafeMutableRawBufferPointer(rebasing: bytes[count...])
                let taken = take(into: room, atMost: room.count)
                if taken == 0 { return false }
                count += taken
            }
            return true
        }
    }

    private mutating func skip(_ count: Int) -> Bool {
        var left = count
        return withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
            while left > 0 {
                let taken = take(into: buffer, atMost: left)
                if taken == 0 { return false }
                left -= taken
            }
            return true
        }
    }

    /// - Returns: 0 when nothing can be read any more.
    private mutating func take(into buffer: UnsafeMutableRawBufferPointer, atMost most: Int) -> Int
    {
        guard let base = buffer.baseAddress else { return 0 }
        let count = fcgx_take(stream, descriptor, base, min(buffer.count, most))
        if count <= 0 { hasFailed = true }
        return max(0, count)
    }
}
