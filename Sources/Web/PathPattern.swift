import Encoding

/// A route's path: literal segments, `{name}` for one segment, `{name*}` for the rest.
struct PathPattern: Sendable {
    enum Segment: Sendable {
        case literal([UInt8])
        case parameter(String)
        case rest(String)
    }

    let segments: [Segment]
    private let names: Int

    init(_ text: String) {
        // By bytes: for Swift, '/' and a combining accent behind it are one character.
        segments = text.utf8.dropFirst()
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Segment(Substring($0)) }
        names = segments.count { if case .literal = $0 { false } else { true } }
    }

    /// Returns the values that a path gives to the names; ``RouteTree`` has found that it fits.
    func parameters(in path: UnsafeBufferPointer<UInt8>) -> PathParameters {
        var parameters = PathParameters(capacity: names)
        var start = 1
        for segment in segments {
            let end = path.endOfSegment(from: start)
            switch segment {
            case .literal: break
            case .parameter(let name):
                parameters[name] = Self.decode(path.piece(start..<end)) ?? ""
            case .rest(let name):
                parameters[name] = String(decoding: path.piece(start..<path.count), as: UTF8.self)
            }
            start = end + 1
        }
        return parameters
    }

    /// Whether a segment is a value for `{name}`: percent-decoded it is a text that is not empty.
    static func isValue(_ segment: UnsafeBufferPointer<UInt8>) -> Bool {
        !segment.isEmpty && (!segment.contains(UInt8(ascii: "%")) || decode(segment) != nil)
    }

    private static func decode(_ segment: UnsafeBufferPointer<UInt8>) -> String? {
        let text = String(decoding: segment, as: UTF8.self)
        return segment.contains(UInt8(ascii: "%")) ? PercentEncoding.decode(text) : text
    }
}

extension PathPattern.Segment {
    fileprivate init(_ text: Substring) {
        guard text.hasPrefix("{"), text.hasSuffix("}") else {
            self = .literal([UInt8](text.utf8))
            return
        }
        let name = text.dropFirst().dropLast()
        self = name.hasSuffix("*") ? .rest(String(name.dropLast())) : .parameter(String(name))
    }
}

extension UnsafeBufferPointer<UInt8> {
    func piece(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: self[range])
    }

    /// Returns the position of the first slash from a position on; the end where there is none.
    func endOfSegment(from start: Int) -> Int {
        var position = start
        while position < count, self[position] != UInt8(ascii: "/") { position += 1 }
        return position
    }
}
