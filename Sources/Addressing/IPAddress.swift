import Glibc

/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) is its IPv4 address:
/// it reaches the same host (RFC 4291 §2.5.5.2).
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Family: Int, Sendable {
        case v4 = 32
        case v6 = 128

        /// The length of an address, in bits.
        package var bits: Int { rawValue }
    }

    package let family: Family
    /// The address as a number; an IPv4 address has its 32 bits at the low end.
    package let value: UInt128

    private init(family: Family, value: UInt128) {
        self.family = family
        self.value = value
    }

    init(v4 value: UInt32) {
        self.init(family: .v4, value: UInt128(value))
    }

    init(v6 value: UInt128) {
        if value >> 32 == 0xffff {
            self.init(v4: UInt32(truncatingIfNeeded: value))
        } else {
            self.init(family: .v6, value: value)
        }
    }

    /// Reads the usual notation, dotted or with colons; `nil` for anything else.
    package init?(_ text: String) {
        // inet_pton reads up to a NUL.
        guard !text.utf8.contains(0) else { return nil }
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4.s_addr))
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            self.init(v6: Self.number(v6))
        } else {
            return nil
        }
    }

    /// Reads the address of a socket; `nil` when it is neither IPv4 nor IPv6.
    package init?(_ address: UnsafeRawBufferPointer) {
        guard address.count >= MemoryLayout<sockaddr>.size else { return nil }
        switch Int32(address.loadUnaligned(as: sockaddr.self).sa_family) {
        case AF_INET where address.count >= MemoryLayout<sockaddr_in>.size:
            let v4 = address.loadUnaligned(as: sockaddr_in.self)
            self.init(v4: UInt32(bigEndian: v4.sin_addr.s_addr))
        case AF_INET6 where address.count >= MemoryLayout<sockaddr_in6>.size:
            self.init(v6: Self.number(address.loadUnaligned(as: sockaddr_in6.self).sin6_addr))
        default:
            return nil
        }
    }

    private static func number(_ address: in6_addr) -> UInt128 {
        withUnsafeBytes(of: address) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }
    }

    /// Returns the IPv4 address in the 32 bits that end `bitsBelow` bits above the low end.
    package func embeddedV4(bitsBelow: Int) -> IPAddress {
        IPAddress(v4: UInt32(truncatingIfNeeded: value >> UInt128(bitsBelow)))
    }

    /// Whether it is this machine's own (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
    package var isLoopback: Bool {
        switch family {
        case .v4: value >> 24 == 127
        case .v6: value == 1
        }
    }

    package var description: String {
        switch family {
        case .v4:
            return (0..<4).map { String(UInt8(truncatingIfNeeded: value >> UInt128(24 - 8 * $0))) }
                .joined(separator: ".")
        case .v6:
            var big = value.bigEndian
            var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            guard inet_ntop(AF_INET6, &big, &text, socklen_t(text.count)) != nil else { return "" }
            return text.withUnsafeBufferPointer { buffer in
                String(
                    decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
        }
    }
}
