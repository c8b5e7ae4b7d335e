import Encoding
import HTTPClient

/// A web origin (RFC 6454 §4) exactly as browsers write it: scheme, host and, where it is not the
/// scheme's own, port.
package struct Origin: Equatable, Sendable, CustomStringConvertible {
    /// As it stands in an `Origin` header: `https://grants.example.com`.
    package let description: String
    /// True for https.
    package let isSecure: Bool
    /// In lower case; an IPv6 address keeps its brackets.
    package let host: String

    /// - Throws: ``OriginError``, which says what to change.
    package init(_ text: String) throws(OriginError) {
        let secure = text.hasPrefix("https://")
        guard secure || text.hasPrefix("http://") else {
            throw OriginError("it has to begin with https:// (or http:// for local trials)")
        }
        let authority = text.dropFirst(secure ? 8 : 7)
        if let slash = authority.firstIndex(where: { "/?#".contains($0) }) {
            let origin = text[..<slash]
            throw OriginError("nothing may follow the host and port: write \(origin)")
        }
        let (host, port) = try Self.split(authority)
        if let port { try Self.check(port: port, secure: secure, of: text) }
        guard host == host.lowercased() else {
            throw OriginError("browsers write it in lower case: \(text.lowercased())")
        }
        description = text
        isSecure = secure
        self.host = String(host)
    }

    /// True where browsers treat plain http as safe: this machine itself.
    package var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.")
            || host == "[::1]"
    }

    private static func split(
        _ authority: Substring
    ) throws(OriginError) -> (host: Substring, port: Substring?) {
        guard !authority.contains("@") else {
            throw OriginError("a user name or password has no place in it")
        }
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":"), isAddress(authority[...end]) else {
                throw OriginError("its IPv6 address is malformed")
            }
            return (authority[...end], rest.isEmpty ? nil : rest.dropFirst())
        }
        let parts = authority.split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, isName(host) else {
            throw OriginError(
                "its host may hold letters, digits, dots and hyphens"
                    + " (an international name in its xn-- form)")
        }
        return (host, parts.count > 1 ? parts[1] : nil)
    }

    private static func check(
        port: Substring, secure: Bool, of text: String
    ) throws(OriginError) {
        guard let number = Int(port), (1...65_535).contains(number), String(number) == port else {
            throw OriginError("its port has to be a number from 1 to 65535")
        }
        guard number != (secure ? 443 : 80) else {
            throw OriginError(
                "browsers leave out the usual port: write \(text.dropLast(port.count + 1))")
        }
    }

    private static func isName(_ host: Substring) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isAddress(_ bracketed: Substring) -> Bool {
        bracketed.contains(":") && IPAddress(String(bracketed.dropFirst().dropLast())) != nil
    }
}

/// Why a text is no origin.
package struct OriginError: Error {
    package let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
