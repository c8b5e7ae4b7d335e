import Encoding
import HTTPTypes
import Headers

/// The types of content that a request accepts, and how gladly (RFC 9110 §12.5.1).
package struct AcceptField {
    /// One type, or all of a kind.
    private struct Range {
        let type: String
        /// In thousandths.
        let quality: Int

        /// - Returns: `nil` for a malformed element.
        init?(_ element: Substring) {
            let parts = AcceptField.split(element, at: ";")
            type = AcceptField.trimmed(parts[0]).lowercased()
            guard type.utf8.contains(UInt8(ascii: "/")),
                let quality = Self.quality(parts.dropFirst())
            else { return nil }
            self.quality = quality
        }

        /// Returns the weight among the parameters; all others are ignored.
        private static func quality(_ parameters: ArraySlice<Substring>) -> Int? {
            for parameter in parameters.map(AcceptField.trimmed) {
                guard let mark = parameter.firstIndex(of: "="),
                    parameter[..<mark].lowercased() == "q"
                else { continue }
                let text = parameter[parameter.index(after: mark)...]
                guard text.utf8.allSatisfy({ $0.isASCIIDigit || $0 == UInt8(ascii: ".") }),
                    let weight = Double(text), (0...1).contains(weight)
                else { return nil }
                return Int(weight * 1000)
            }
            return 1000
        }
    }

    private let ranges: [Range]

    package init(_ headers: HeaderFields) {
        ranges = headers[.accept].map { Self.split($0[...], at: ",").compactMap(Range.init) } ?? []
    }

    /// Whether it is accepted by its own name, and no less gladly than the other.
    package func names(_ type: String, over other: String) -> Bool {
        let quality = quality(of: type)
        return quality > 0 && isNamed(type) && quality >= self.quality(of: other)
    }

    /// Whether it is accepted more gladly than the other, or as gladly and by its own name.
    package func prefers(_ type: String, over other: String) -> Bool {
        names(type, over: other) || quality(of: type) > quality(of: other)
    }

    private func isNamed(_ type: String) -> Bool { ranges.contains { $0.type == type } }

    /// Returns the quality from the most specific range that covers the type; 0 when none does.
    private func quality(of type: String) -> Int {
        let kind = type.prefix { $0 != "/" } + "/*"
        for name in [type, String(kind), "*/*"] {
            if let quality = ranges.filter({ $0.type == name }).map(\.quality).max() {
                return quality
            }
        }
        return 0
    }

    /// Splits the text at that sign, outside of quotes.
    private static func split(_ text: Substring, at sign: Unicode.Scalar) -> [Substring] {
        var isQuoted = false
        var isEscaped = false
        return text.unicodeScalars.split(omittingEmptySubsequences: false) { scalar in
            defer { isEscaped = isQuoted && scalar == "\\" && !isEscaped }
            if scalar == "\"", !isEscaped { isQuoted.toggle() }
            return scalar == sign && !isQuoted
        }.map { Substring($0) }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
        let rest = text.drop(while: isSpace)
        return rest.lastIndex { !isSpace($0) }.map { rest[...$0] } ?? ""
    }
}
