import CCurl
import Glibc

/// The functions that libcurl calls during a transfer: they find the ``CurlTransfer`` and turn its
/// answers into libcurl's. The context is never retained; a transfer stops its handle before it
/// goes away.
enum CurlCallbacks {
    static let header: curl_write_callback = { data, size, count, context in
        guard let data, let context else { return 0 }
        let line = UnsafeRawBufferPointer(start: data, count: size * count)
        return transfer(context).headerLine(line) ? line.count : 0
    }

    static let write: curl_write_callback = { data, size, count, context in
        guard let data, let context else { return 0 }
        let piece = UnsafeRawBufferPointer(start: data, count: size * count)
        return switch transfer(context).bodyPiece(piece) {
        case .taken: piece.count
        case .wait: Int(CURL_WRITEFUNC_PAUSE)
        case .stop: Int(CURL_WRITEFUNC_ERROR)
        }
    }

    static let read: curl_read_callback = { data, size, count, context in
        guard let data, let context else { return Int(CURL_READFUNC_ABORT) }
        let buffer = UnsafeMutableRawBufferPointer(start: data, count: size * count)
        return switch transfer(context).bytesToSend(buffer) {
        case .bytes(let count): count
        case .wait: Int(CURL_READFUNC_PAUSE)
        case .stop: Int(CURL_READFUNC_ABORT)
        }
    }

    static let request: curl_prereq_callback = { context, _, _, _, _ in
        guard let context else { return CInt(CURL_PREREQFUNC_ABORT) }
        return transfer(context).requestBegins()
            ? CInt(CURL_PREREQFUNC_OK) : CInt(CURL_PREREQFUNC_ABORT)
    }

    static let openSocket: curl_opensocket_callback = { context, _, target in
        guard let context, let target else { return CURL_SOCKET_BAD }
        let length = Int(target.pointee.addrlen)
        let address = withUnsafeBytes(of: &target.pointee.addr) { start in
            // sockaddr is shorter than the addresses that it stands for; libcurl's struct ends in
            // room for them all.
            IPAddress(UnsafeRawBufferPointer(start: start.baseAddress, count: length))
        }
        guard transfer(context).mayConnect(to: address) else { return CURL_SOCKET_BAD }
        let type = target.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(target.pointee.family, type, target.pointee.protocol)
        if descriptor < 0, errno == EMFILE || errno == ENFILE {
            // Else it would look like the host's fault.
            transfer(context).noSocket("no more file descriptors")
        }
        return descriptor
    }

    private static func transfer(_ context: UnsafeMutableRawPointer) -> CurlTransfer {
        Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}
