import Encoding

/// Scheme, host and port, which together identify a server (RFC 6454 §4).
package struct Origin: Sendable, CustomStringConvertible {
    /// Whether the scheme is `https`; else it is `http`.
    package let isSecure: Bool
    package let port: Int
    /// As browsers write it: in lower case, with the port only where it is not the scheme's own.
    package let description: String
    private let hostLength: Int

    /// In lower case; an IPv6 address in its brackets.
    package var host: String { String(Substring(authority.prefix(hostLength))) }

    package var scheme: String { isSecure ? "https" : "http" }

    /// The value of the field Host (RFC 9110 §7.2): the host, and the port where it is not the
    /// scheme's own.
    package var authority: Substring.UTF8View { description.utf8.dropFirst(isSecure ? 8 : 7) }

    /// The host's address; `nil` where it is a name.
    package var address: IPAddress? {
        let host = host
        return IPAddress(host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host)
    }

    /// Whether browsers treat plain http as safe there: this machine itself.
    package var isLoopback: Bool {
        let host = host
        return host == "localhost" || host.hasSuffix(".localhost") || address?.isLoopback == true
    }
}

extension Origin: Hashable {
    /// Compares the texts; every origin has only one.
    package static func == (left: Origin, right: Origin) -> Bool {
        left.description == right.description
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(description)
    }
}

extension Origin {
    /// Reads the scheme and the authority at the beginning of a URL.
    ///
    /// - Parameter length: The number of their bytes.
    init?(_ url: UnsafeBufferPointer<UInt8>, length: inout Int) {
        guard let isSecure = Self.isSecure(url) else { return nil }
        let start = isSecure ? 8 : 7
        let end =
            url[start...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
            ?? url.endIndex
        guard let hostEnd = Self.hostEnd(url[start..<end]) else { return nil }
        let usual = isSecure ? 443 : 80
        var port = usual
        if hostEnd < end {
            guard let given = Self.port(url[hostEnd..<end]) else { return nil }
            port = given
        }
        var text = String(unsafeUninitializedCapacity: hostEnd) { room in
            for (index, byte) in url[..<hostEnd].enumerated() {
                room.initializeElement(at: index, to: byte.asciiLowercased)
            }
            return hostEnd
        }
        if port != usual { text += ":\(port)" }
        self.isSecure = isSecure
        self.port = port
        description = text
        hostLength = hostEnd - start
        length = end
    }

    private static func isSecure(_ url: UnsafeBufferPointer<UInt8>) -> Bool? {
        func begins(_ scheme: StaticString) -> Bool {
            scheme.withUTF8Buffer { scheme in
                url.count >= scheme.count
                    && zip(url, scheme).allSatisfy { $0.asciiLowercased == $1 }
            }
        }
        return begins("https://") ? true : begins("http://") ? false : nil
    }

    /// Returns the end of the host; `nil` unless it is an IPv6 address in brackets, or made of
    /// letters, digits, hyphens and underscores with dots between them.
    private static func hostEnd(_ authority: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let address = authority[..<end].dropFirst()
            guard address.contains(UInt8(ascii: ":")),
                IPAddress(String(decoding: address, as: UTF8.self)) != nil
            else { return nil }
            return end + 1
        }
        let host = authority.prefix { $0 != UInt8(ascii: ":") }
        guard let first = host.first, let last = host.last, first != UInt8(ascii: "."),
            last != UInt8(ascii: "."),
            host.allSatisfy({ $0.isBase64URL || $0 == UInt8(ascii: ".") })
        else { return nil }
        return host.endIndex
    }

    /// Reads a colon and a number from 1 to 65535.
    private static func port(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        let digits = text.dropFirst()
        guard text.first == UInt8(ascii: ":"), (1...5).contains(digits.count),
            digits.allSatisfy(\.isASCIIDigit)
        else { return nil }
        let port = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return (1...65_535).contains(port) ? port : nil
    }
}
