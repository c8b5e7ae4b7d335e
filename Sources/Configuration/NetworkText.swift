import Glibc

/// Networks in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).
enum NetworkText {
    static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Int(parts[1]), String(length) == parts[1],
            length >= 0
        else { return false }
        let address = String(parts[0])
        return isAddress(address, AF_INET) && length <= 32
            || isAddress(address, AF_INET6) && length <= 128
    }

    private static func isAddress(_ text: String, _ family: Int32) -> Bool {
        var storage = in6_addr()
        return inet_pton(family, text, &storage) == 1
    }
}
