import Addressing

/// Decides which addresses may be called: public unicast ones, and those that the operator allowed
/// (SECURITY 29). It judges the address that a socket is about to be opened to, so neither a
/// name's changed meaning nor an odd notation gets around it.
package struct AddressGuard: Sendable {
    private let allowed: [IPNetwork]

    /// - Parameter allowed: Exceptions, such as loopback for a mock provider. One for an embedding
    ///   prefix (NAT64, 6to4) lets everything behind it through.
    package init(allowing allowed: [IPNetwork] = []) {
        self.allowed = allowed
    }

    /// Returns the reason for which the address may not be called; `nil` when it may.
    package func refusal(of address: IPAddress) -> String? {
        if allowed.contains(where: { $0.contains(address) }) { return nil }
        switch address.family {
        case .v4:
            return Self.refusedV4.first { $0.network.contains(address) }?.reason
        case .v6:
            return refusalV6(of: address)
        }
    }

    private func refusalV6(of address: IPAddress) -> String? {
        if let refused = Self.refusedV6.first(where: { $0.network.contains(address) }) {
            return refused.reason
        }
        // RFC 3056 §2: a 6to4 address is 2002:, the IPv4 address of the relay, the rest.
        if address.value >> 112 == 0x2002 {
            return refusal(of: address.embeddedV4(bitsBelow: 80)).map { "6to4 of \($0)" }
        }
        // RFC 4291 §2.4, IANA: global unicast is assigned from 2000::/3 only.
        return address.value >> 125 == 0b001 ? nil : "not global unicast"
    }

    private struct Refused {
        let network: IPNetwork
        let reason: String

        init?(_ text: String, _ reason: String) {
            guard let network = try? IPNetwork(text) else { return nil }
            self.network = network
            self.reason = reason
        }
    }

    /// IANA's IPv4 special-purpose registry (RFC 6890), and multicast.
    private static let refusedV4: [Refused] = [
        Refused("0.0.0.0/8", "unspecified"),
        Refused("10.0.0.0/8", "private"),
        Refused("100.64.0.0/10", "carrier-grade NAT"),
        Refused("127.0.0.0/8", "loopback"),
        Refused("169.254.0.0/16", "link-local"),
        Refused("172.16.0.0/12", "private"),
        Refused("192.0.0.0/24", "reserved for protocols"),
        Refused("192.0.2.0/24", "documentation"),
        Refused("192.88.99.0/24", "6to4 relay"),
        Refused("192.168.0.0/16", "private"),
        Refused("198.18.0.0/15", "benchmarking"),
        Refused("198.51.100.0/24", "documentation"),
        Refused("203.0.113.0/24", "documentation"),
        Refused("224.0.0.0/4", "multicast"),
        Refused("255.255.255.255", "broadcast"),
        Refused("240.0.0.0/4", "reserved"),
    ].compactMap { $0 }

    /// IANA's IPv6 special-purpose registry (RFC 6890), and multicast. NAT64 reaches any IPv4
    /// address, Teredo (in 2001::/23) hides one.
    private static let refusedV6: [Refused] = [
        Refused("::", "unspecified"),
        Refused("::1", "loopback"),
        Refused("::/96", "IPv4-compatible"),
        Refused("64:ff9b::/96", "NAT64"),
        Refused("64:ff9b:1::/48", "NAT64"),
        Refused("100::/64", "discard"),
        Refused("2001::/23", "reserved for protocols"),
        Refused("2001:db8::/32", "documentation"),
        Refused("3fff::/20", "documentation"),
        Refused("fc00::/7", "unique local"),
        Refused("fe80::/10", "link-local"),
        Refused("fec0::/10", "site-local"),
        Refused("ff00::/8", "multicast"),
    ].compactMap { $0 }
}
