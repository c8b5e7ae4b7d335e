import CFastCGI
import Glibc

/// Scans the records of a request's head, before libfcgi reads them, for input that breaks it.
///
/// libfcgi 2.4.2 ends the process when a name and a value are together longer than INT_MAX (its sum
/// overflows, and it asserts that it got the memory) or when FCGI_GET_VALUES repeats names. And it
/// takes a connection or protocol error between two pairs for the end of the parameters.
struct HeadScanner {
    enum Progress: Equatable {
        /// The head goes on after these bytes.
        case incomplete
        /// FCGI_BEGIN_REQUEST and all of FCGI_PARAMS are there and sound.
        case complete
        /// This is no request, for that reason.
        case refused(String)
    }

    /// The longest head, in bytes; nginx's default is at most 32 KiB of the client's and some of its
    /// own. A Unix socket holds few more unread bytes, and then the rest could not come.
    static let limit = 196_608

    /// The part of a record that comes next.
    private enum Part {
        case header(count: Int)
        case content
        case padding
    }

    /// The part of a pair that comes next in FCGI_PARAMS (FastCGI 1.0 §3.4).
    private enum PairPart {
        case nameLength
        case valueLength
        case text
    }

    /// Whether a name or a value has a NUL: libfcgi's texts end there.
    private(set) var hasNUL = false

    private var part = Part.header(count: 0)
    private var header: (UInt64) = 0
    private var contentLeft = 0
    private var paddingLeft = 0
    private var requestID: UInt64 = 0
    private var total = 0

    private var pairPart = PairPart.nameLength
    /// Bytes still to come of a length of four bytes.
    private var lengthBytesLeft = 0
    private var length = 0
    private var textLeft = 0

    /// Goes through the next bytes.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Progress {
        var position = 0
        while position < bytes.count {
            switch part {
            case .header(let count):
                header = header << 8 | UInt64(bytes[position])
                position += 1
                part = .header(count: count + 1)
                if count + 1 == FCGI_HEADER_LEN {
                    let progress = beginRecord()
                    if progress != .incomplete { return progress }
                }
            case .content:
                let count = min(contentLeft, bytes.count - position)
                let content = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
                if isParameters && !scanPairs(content) {
                    return .refused("a length over the limit")
                }
                position += count
                contentLeft -= count
                if contentLeft == 0 { part = .padding }
            case .padding:
                let count = min(paddingLeft, bytes.count - position)
                position += count
                paddingLeft -= count
            }
            if case .padding = part, paddingLeft == 0 { part = .header(count: 0) }
        }
        return .incomplete
    }

    private var type: Int32 { Int32(header >> 48 & 0xFF) }
    private var isParameters: Bool { type == FCGI_PARAMS }

    private mutating func beginRecord() -> Progress {
        let id = header >> 32 & 0xFFFF
        contentLeft = Int(header >> 16 & 0xFFFF)
        paddingLeft = Int(header >> 8 & 0xFF)
        part = contentLeft > 0 ? .content : .padding
        total += Int(FCGI_HEADER_LEN) + contentLeft + paddingLeft
        guard header >> 56 == UInt64(FCGI_VERSION_1) else { return .refused("another version") }
        guard total <= Self.limit else { return .refused("more than \(Self.limit) bytes") }
        if requestID == 0 {
            guard type == FCGI_BEGIN_REQUEST, id != 0, contentLeft == 8 else {
                return .refused("a record of type \(type) where a request should begin")
            }
            requestID = id
            return .incomplete
        }
        guard isParameters, id == requestID else {
            return .refused("a record of type \(type) among the parameters")
        }
        if contentLeft > 0 { return .incomplete }
        return isBetweenPairs ? .complete : .refused("parameters that end inside a pair")
    }

    private var isBetweenPairs: Bool {
        if case .nameLength = pairPart { return lengthBytesLeft == 0 }
        return false
    }

    /// - Returns: `false` when a name or a value is too long to be true.
    private mutating func scanPairs(_ content: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        while position < content.count {
            if case .text = pairPart {
                let count = min(textLeft, content.count - position)
                if let start = content.baseAddress, memchr(start + position, 0, count) != nil {
                    hasNUL = true
                }
                position += count
                textLeft -= count
            } else {
                takeLengthByte(content[position])
                position += 1
                if textLeft > Self.limit { return false }
            }
            if case .text = pairPart, textLeft == 0 { pairPart = .nameLength }
        }
        return true
    }

    /// Lengths below 128 have one byte, others four, the first of which has its highest bit set.
    private mutating func takeLengthByte(_ byte: UInt8) {
        if lengthBytesLeft > 0 {
            length = length << 8 | Int(byte)
            lengthBytesLeft -= 1
        } else if byte & 0x80 != 0 {
            length = Int(byte & 0x7F)
            lengthBytesLeft = 3
        } else {
            length = Int(byte)
        }
        guard lengthBytesLeft == 0 else { return }
        textLeft += length
        pairPart = if case .nameLength = pairPart { .valueLength } else { .text }
    }
}
