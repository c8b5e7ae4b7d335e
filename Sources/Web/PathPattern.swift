import Encoding

/// A route's path: literal segments, `{name}` for one segment, `{name*}` for the rest.
struct PathPattern: Sendable {
    private enum Segment: Sendable {
        case literal(Substring.UTF8View)
        case parameter(String)
        case rest(String)
    }

    private let segments: [Segment]
    private let hasRest: Bool

    init(_ text: String) {
        segments = Self.split(text).map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else {
                return .literal(segment.utf8)
            }
            let name = segment.dropFirst().dropLast()
            return name.hasSuffix("*")
                ? .rest(String(name.dropLast())) : .parameter(String(name))
        }
        hasRest = text.hasSuffix("*}")
    }

    /// Returns the segments of a path that begins with a slash.
    static func split(_ path: String) -> [Substring] {
        // By bytes: for Swift, '/' and a combining accent behind it are one character.
        path.utf8.dropFirst()
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Substring($0) }
    }

    /// Returns the parameters, when the path fits; `{name}` is percent-decoded, `{name*}` stays
    /// raw.
    func match(_ path: [Substring]) -> PathParameters? {
        fits(path) ? parameters(path) : nil
    }

    /// Whether the literal segments are there, which rules out nearly every route at little cost.
    private func fits(_ path: [Substring]) -> Bool {
        guard hasRest ? path.count >= segments.count : path.count == segments.count else {
            return false
        }
        return zip(segments, path).allSatisfy { segment, given in
            guard case .literal(let text) = segment else { return true }
            return given.utf8.elementsEqual(text)
        }
    }

    private func parameters(_ path: [Substring]) -> PathParameters? {
        var parameters = PathParameters()
        for (index, segment) in segments.enumerated() {
            switch segment {
            case .literal: break
            case .parameter(let name):
                guard let value = PercentEncoding.decode(path[index]), !value.isEmpty else {
                    return nil
                }
                parameters[name] = value
            case .rest(let name):
                let rest = path[index]
                parameters[name] = String(rest.base[rest.startIndex...])
            }
        }
        return parameters
    }
}
