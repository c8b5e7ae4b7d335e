import CFastCGI
import Glibc

/// Records about the connection itself.
extension Connection {
    /// Takes a management record and answers it (FastCGI 1.0 §4).
    ///
    /// libfcgi would do it, but writes its answer to FCGI_GET_VALUES into 64 bytes on the stack
    /// however many names are asked for: a record with some names twice ends the process.
    ///
    /// - Parameter limit: The longest wait for its next bytes.
    /// - Returns: `false` when the connection failed.
    func answerManagement(_ header: FCGI_Header, within limit: Duration) -> Bool {
        limitReceiveTime(limit)
        defer { limitReceiveTime(.zero) }
        let length = header.contentLength + Int(header.paddingLength)
        guard skip(MemoryLayout<FCGI_Header>.size + length) else { return false }
        let answer = header.managementAnswer
        return send(descriptorNumber, answer, answer.count, 0) == answer.count
    }

    private func skip(_ count: Int) -> Bool {
        var left = count
        return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            while left > 0 {
                let read = recv(descriptorNumber, buffer.baseAddress, min(left, buffer.count), 0)
                if read <= 0 { return false }
                left -= read
            }
            return true
        }
    }
}

extension FCGI_Header {
    /// Whether it is about the connection itself and not about a request.
    var isManagement: Bool {
        version == FCGI_VERSION_1 && requestID == 0 && type != FCGI_BEGIN_REQUEST
    }

    /// The answer to a management record. It names no value, which is allowed for those that are
    /// not known.
    var managementAnswer: [UInt8] {
        if type == FCGI_GET_VALUES {
            return [UInt8(FCGI_VERSION_1), UInt8(FCGI_GET_VALUES_RESULT), 0, 0, 0, 0, 0, 0]
        }
        return [
            UInt8(FCGI_VERSION_1), UInt8(FCGI_UNKNOWN_TYPE), 0, 0, 0, 8, 0, 0, type, 0, 0, 0, 0, 0,
            0,
            0,
        ]
    }

    /// The answer to a request that begins while another is under way (FastCGI 1.0 §5.5).
    var multiplexingRefusal: [UInt8] {
        [
            UInt8(FCGI_VERSION_1), UInt8(FCGI_END_REQUEST), requestIdB1, requestIdB0, 0, 8, 0, 0,
            0, 0, 0, 0, UInt8(FCGI_CANT_MPX_CONN), 0, 0, 0,
        ]
    }

    var requestID: Int32 { Int32(requestIdB1) << 8 | Int32(requestIdB0) }
    var contentLength: Int { Int(contentLengthB1) << 8 | Int(contentLengthB0) }
}
