import Web

/// A long body with known bytes: the byte at an offset is always the same.
enum Bytes {
    /// The length of the repeated pattern, a prime, so that no block size hides a shift.
    private static let period = 65_521

    /// The pattern, twice, so that a whole period can be taken from any offset.
    private static let pattern: [UInt8] = {
        var state: UInt32 = 2_463_534_242
        let once = (0..<period).map { _ in
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            return UInt8(truncatingIfNeeded: state)
        }
        return once + once
    }()

    /// Writes that many bytes, from `offset` on.
    static func write(_ count: Int, from offset: Int = 0, to writer: any ResponseWriter) throws {
        var position = offset
        let end = offset + count
        while position < end {
            let start = position % period
            let length = min(period, end - position)
            try pattern.withUnsafeBytes {
                try writer.write(.init(rebasing: $0[start..<start + length]))
            }
            position += length
        }
    }

    /// Returns the first bytes of the body.
    static func array(_ count: Int) -> [UInt8] {
        (0..<count).map { pattern[$0 % period] }
    }

    /// The most bytes that a path may ask for: 100 GB.
    static let limit = 100_000_000_000
}
