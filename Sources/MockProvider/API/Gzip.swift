/// gzip (RFC 1952) without compression: enough to see whether a client unpacks it.
package enum Gzip {
    /// Returns the bytes as one stored block.
    ///
    /// - Parameter bytes: At most 65,535 bytes.
    package static func stored(_ bytes: [UInt8]) -> [UInt8] {
        // RFC 1952 §2.3: no flags, no time, unknown system.
        let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        // RFC 1951 §3.2.4: the last block, stored, its length and that length inverted.
        let length = UInt16(bytes.count)
        return head + [1] + littleEndian(length) + littleEndian(~length) + bytes
            + littleEndian(crc32(bytes)) + littleEndian(UInt32(bytes.count))
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) }
    }

    /// Returns the checksum of RFC 1952 §8.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in
                crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1
            }
        }
    }
}
