import Encoding

/// Sizes as people write them: `64KiB`, `1MiB`, `2GiB`.
enum SizeText {
    private static let units: [(suffix: String, bytes: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("B", 1),
    ]

    static func bytes(_ text: String) -> Int? {
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let number = number(text.dropLast(unit.suffix.count)) else { continue }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
            return overflow ? nil : bytes
        }
        return nil
    }

    static func text(_ bytes: Int) -> String {
        let unit = units.dropLast().last { bytes >= $0.bytes && bytes % $0.bytes == 0 }
        return unit.map { "\(bytes / $0.bytes)\($0.suffix)" } ?? "\(bytes)B"
    }

    /// Returns a question that names the right spelling of `1MB`, `1M` or `1mib`.
    static func hint(_ text: String) -> String? {
        let digits = text.prefix { $0.asciiValue?.isASCIIDigit == true }
        guard !digits.isEmpty,
            let letter = text.dropFirst(digits.count).trimmingSpaces().first?.uppercased(),
            let unit = units.first(where: { $0.suffix.hasPrefix(letter) }),
            bytes(digits + unit.suffix) != nil, digits + unit.suffix != text
        else { return nil }
        return "did you mean \(digits)\(unit.suffix)?"
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy(\.isASCIIDigit) ? Int(text) : nil
    }
}
