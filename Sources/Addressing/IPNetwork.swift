import Encoding

/// A block of addresses, written as `10.0.0.0/8` or `2001:db8::/32`; a single address is a block
/// of one (RFC 4632 §3.1).
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    /// The number of leading bits that are fixed.
    package let prefixLength: Int

    /// Reads a network from a configuration. An IPv4-mapped one (`::ffff:10.0.0.0/104`) becomes
    /// its IPv4 network.
    ///
    /// - Throws: ``ParseError``, which names the text and its error.
    package init(_ text: String) throws(ParseError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else {
            throw ParseError("\"\(text)\" is no IP address or network such as 10.0.0.0/8")
        }
        self.address = address
        guard parts.count == 2 else {
            self.prefixLength = address.family.bits
            return
        }
        let mapped = address.family == .v4 && parts[0].contains(":")
        let widest = mapped ? 128 : address.family.bits
        let narrowest = mapped ? 96 : 0
        guard parts[1].utf8.allSatisfy(\.isASCIIDigit), let length = Int(parts[1]),
            (narrowest...widest).contains(length)
        else {
            throw ParseError(
                "\"\(text)\": the prefix length must be a number from \(narrowest) to \(widest)")
        }
        self.prefixLength = length - narrowest
        let first = IPAddress(first: address, prefixLength: prefixLength)
        guard first == address else {
            throw ParseError(
                "\"\(text)\" has bits set behind its prefix; did you mean \(first)/\(prefixLength)?"
            )
        }
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.family == address.family
            && IPAddress(first: other, prefixLength: prefixLength) == address
    }

    package var description: String { "\(address)/\(prefixLength)" }

    /// The text of a configuration is no network.
    package struct ParseError: Error, Equatable, CustomStringConvertible {
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}

extension IPAddress {
    /// Creates the first address of the network of that length around `address`.
    fileprivate init(first address: IPAddress, prefixLength: Int) {
        let free = UInt128(address.family.bits - prefixLength)
        let value = free == 128 ? 0 : (address.value >> free) << free
        switch address.family {
        case .v4: self.init(v4: UInt32(truncatingIfNeeded: value))
        case .v6: self.init(v6: value)
        }
    }
}
