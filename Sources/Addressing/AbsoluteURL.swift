import Encoding

/// An absolute `http` or `https` URL, taken apart strictly: what another reader might understand
/// differently (users, backslashes, control characters, letters outside ASCII) is not one.
package struct AbsoluteURL: Equatable, Sendable {
    /// Scheme, host and port: what decides who is talked to.
    package struct Origin: Hashable, Sendable, CustomStringConvertible {
        package let scheme: String
        package let host: String
        package let port: Int

        package var description: String {
            let isDefault = port == (scheme == "https" ? 443 : 80)
            return "\(scheme)://\(host)" + (isDefault ? "" : ":\(port)")
        }
    }

    package let origin: Origin
    /// As written; empty, or beginning with `/`.
    package let path: String
    /// What follows the `?`, as written.
    package let query: String?

    package init?(_ text: String) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let scheme = Self.scheme(of: parts[0]) else { return nil }
        let rest = parts[0].dropFirst(scheme.utf8.count + 3)
        let pathStart = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let origin = Self.origin(scheme: scheme, authority: rest[..<pathStart]) else {
            return nil
        }
        self.origin = origin
        path = String(rest[pathStart...])
        query = parts.count > 1 ? String(parts[1]) : nil
        guard Self.isPath(path.utf8[...]), query.map({ Self.isQuery($0.utf8[...]) }) ?? true else {
            return nil
        }
    }

    /// Printable ASCII, without what readers of URLs disagree about.
    package static func isPath(_ text: Substring.UTF8View) -> Bool {
        text.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"),
                UInt8(ascii: "?"), UInt8(ascii: "\\"):
                false
            default: byte.isASCIIVisible
            }
        }
    }

    /// Anything that cannot end the request's line or begin a fragment: a query passes as it is.
    package static func isQuery(_ text: Substring.UTF8View) -> Bool {
        text.allSatisfy { !$0.isASCIIControl && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "#") }
    }

    private static func scheme(of text: Substring) -> String? {
        ["https", "http"].first { text.prefix($0.utf8.count + 3).lowercased() == "\($0)://" }
    }

    private static func origin(scheme: String, authority: Substring) -> Origin? {
        // Looked at before it is put into small letters: a letter outside ASCII can become one of it.
        guard authority.utf8.allSatisfy({ $0 < 0x80 }), !authority.utf8.contains(UInt8(ascii: "@"))
        else { return nil }
        let hostEnd =
            authority.hasPrefix("[")
            ? authority.firstIndex(of: "]").map { authority.index(after: $0) }
            : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let hostEnd, hostEnd > authority.startIndex else { return nil }
        let host = authority[..<hostEnd].lowercased()
        guard host.utf8.allSatisfy(isHostByte), !host.hasSuffix("."), !host.hasPrefix(".") else {
            return nil
        }
        let portText = authority[hostEnd...]
        if portText.isEmpty {
            return Origin(scheme: scheme, host: host, port: scheme == "https" ? 443 : 80)
        }
        guard portText.utf8.dropFirst().allSatisfy(\.isASCIIDigit),
            let port = Int(portText.dropFirst()), (1...65_535).contains(port)
        else { return nil }
        return Origin(scheme: scheme, host: host, port: port)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        byte.isASCIILowercase || byte.isASCIIDigit || "-._[]:".utf8.contains(byte)
    }
}
