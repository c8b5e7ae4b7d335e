import Addressing

/// A check that decodes a path as the most careless server might, again and again until nothing
/// changes, and refuses one that leads out of its base at any stage (SECURITY 28).
package enum PathScrutiny {
    /// The most layers of encoding: no legitimate path has more, and each costs a pass.
    private static let maximumStages = 8

    /// Refuses a path that leads out of its base at any stage. `%2F` alone is legitimate.
    ///
    /// - Parameter path: The path as written, percent-encoded.
    /// - Throws: ``InputError/invalid(code:detail:)``.
    static func check(_ path: Substring.UTF8View) throws {
        guard AbsoluteURL.isPath(path) else {
            throw ProxyTarget.forbidden("The path has a character that must be percent-encoded.")
        }
        var stage = Array(path)
        for _ in 0..<maximumStages {
            try check(stage)
            let next = CarelessDecoding.decoded(stage)
            if next == stage { return }
            stage = next
        }
        throw ProxyTarget.forbidden("The path is percent-encoded again and again.")
    }

    private static func check(_ stage: [UInt8]) throws {
        guard stage.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw ProxyTarget.forbidden(
                "The path has a backslash or a control character, plain or encoded.")
        }
        guard !CarelessDecoding.hasOverlongForm(stage) else {
            throw ProxyTarget.forbidden(
                "The path has a character in an overlong form, which is not UTF-8.")
        }
        guard !hasDotSegment(stage) else {
            throw ProxyTarget.forbidden("The path has a '.' or '..' segment, plain or encoded.")
        }
    }

    private static func hasDotSegment(_ path: [UInt8]) -> Bool {
        guard path.contains(UInt8(ascii: ".")) else { return false }
        return path.split(separator: UInt8(ascii: "/")).contains { segment in
            // Servers with path parameters read '..;x' as '..'; those that decode a URL before they
            // parse it, also '..?x' and '..#x'; and Windows, also '.. '.
            let name = segment.prefix { !";?#".utf8.contains($0) }.drop { $0 == 0x20 }
                .reversed().drop { $0 == 0x20 }
            return name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8)
        }
    }
}
