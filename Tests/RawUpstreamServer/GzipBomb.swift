/// 64 MiB of zeros in 420 KB of gzip (RFC 1952): one deflate block with the fixed codes
/// (RFC 1951 §3.2.6), nearly all of it "258 bytes like the one before".
enum GzipBomb {
    static let bytes: [UInt8] = {
        let size = 64 << 20
        let (repeats, literals) = (size - 1).quotientAndRemainder(dividingBy: 258)
        var bits = BitWriter(bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
        bits.write(0b011, count: 3)  // The last block; fixed codes.
        for _ in 0...literals { bits.write(0b0000_1100, count: 8) }
        for _ in 0..<repeats { bits.write(0b00000_10100011, count: 13) }
        bits.write(0, count: 7 + 7)  // The end of the block, and room for its last bits.
        return bits.bytes + [0xED, 0x30, 0xEB, 0xB2] + [0, 0, 0, 4]
    }()

    /// Packs bits into bytes, the lowest first.
    private struct BitWriter {
        var bytes: [UInt8]
        private var pending: UInt32 = 0
        private var count: UInt32 = 0

        init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        mutating func write(_ value: UInt32, count added: UInt32) {
            pending |= value << count
            count += added
            while count >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                count -= 8
            }
        }
    }
}
