import Encoding

/// A set of printable ASCII characters.
package struct ASCIICharacterSet: Equatable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    static let printable = ASCIICharacterSet(\.isASCIIPrintable)
    static let digits = ASCIICharacterSet(\.isASCIIDigit)
    static let word = ASCIICharacterSet { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") }

    init() {}

    init(_ range: ClosedRange<UInt8>) {
        self.init(range.contains)
    }

    private init(_ isMember: (UInt8) -> Bool) {
        for byte in UInt8(0)..<128 where isMember(byte) {
            if byte < 64 { low |= 1 << byte } else { high |= 1 << (byte - 64) }
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        byte < 64 ? low & (1 << byte) != 0 : byte < 128 && high & (1 << (byte - 64)) != 0
    }

    func union(_ other: ASCIICharacterSet) -> ASCIICharacterSet {
        var set = self
        set.low |= other.low
        set.high |= other.high
        return set
    }

    /// Everything printable that is not in it.
    var inverted: ASCIICharacterSet {
        var set = Self.printable
        set.low &= ~low
        set.high &= ~high
        return set
    }

    func intersection(_ other: ASCIICharacterSet) -> ASCIICharacterSet {
        var set = self
        set.low &= other.low
        set.high &= other.high
        return set
    }

    var isEmpty: Bool { low == 0 && high == 0 }

    /// All of them.
    var characters: [Character] {
        (UInt8(0)...127).filter(contains).map { Character(Unicode.Scalar($0)) }
    }

    /// As in an HTML input's `pattern`.
    var html: String {
        let runs = runs
        // Outside of a set a hyphen is none of the signs that may be escaped.
        if runs.count == 1, runs[0].count == 1 {
            return runs[0].lowerBound == UInt8(ascii: "-")
                ? "-" : Self.escaped(runs[0].lowerBound)
        }
        let members = runs.map { run in
            let (first, last) = (Self.escaped(run.lowerBound), Self.escaped(run.upperBound))
            return run.count == 1 ? first : run.count == 2 ? first + last : "\(first)-\(last)"
        }
        return "[\(members.joined())]"
    }

    private var runs: [ClosedRange<UInt8>] {
        (UInt8(0x20)...0x7E).filter(contains).reduce(into: []) { runs, byte in
            if let last = runs.last, last.upperBound + 1 == byte {
                runs[runs.count - 1] = last.lowerBound...byte
            } else {
                runs.append(byte...byte)
            }
        }
    }

    private static func escaped(_ byte: UInt8) -> String {
        let sign = Character(Unicode.Scalar(byte))
        return "^$\\.*+?()[]{}|/-".contains(sign) ? "\\\(sign)" : String(sign)
    }
}
