import CFastCGI
import Glibc

/// Records about the connection itself.
extension Connection {
    /// Takes a management record and answers it (FastCGI 1.0 §4).
    ///
    /// libfcgi would do it, but writes its answer to FCGI_GET_VALUES into 64 bytes on the stack
    /// however many names are asked for: a record with some names twice ends the process. The answer
    /// here names no value, which is allowed for those that are not known.
    ///
    /// - Returns: `false` when the connection failed.
    func answerManagement(_ header: FCGI_Header) -> Bool {
        let length = Int(header.contentLengthB1) << 8 | Int(header.contentLengthB0)
        guard skip(MemoryLayout<FCGI_Header>.size + length + Int(header.paddingLength)) else {
            return false
        }
        var answer: [UInt8] = [UInt8(FCGI_VERSION_1), UInt8(FCGI_GET_VALUES_RESULT), 0, 0]
        if header.type == FCGI_GET_VALUES {
            answer += [0, 0, 0, 0]
        } else {
            answer[1] = UInt8(FCGI_UNKNOWN_TYPE)
            answer += [0, 8, 0, 0, header.type, 0, 0, 0, 0, 0, 0, 0]
        }
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
        version == FCGI_VERSION_1 && requestIdB1 == 0 && requestIdB0 == 0
            && type != FCGI_BEGIN_REQUEST
    }
}
