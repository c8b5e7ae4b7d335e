import Encoding
import FoundationEssentials

/// One block of a PEM text (RFC 7468 §2), such as a private key.
struct PEMBlock {
    /// The words behind `BEGIN`.
    let label: String
    /// Whether its header says that it is encrypted (RFC 1421 §4.6.1.1).
    let isEncrypted: Bool
    let bytes: [UInt8]

    /// The longest text that is read, in bytes: several times that of the longest usual key.
    static let limit = 65_536

    /// Returns the blocks of a text, in their order; text between them is ignored.
    ///
    /// - Throws: ``OAuthError/badKey(_:)`` for a text that is too long, and for a block that is
    ///   cut short or damaged.
    static func all(in text: String) throws(OAuthError) -> [PEMBlock] {
        guard text.utf8.count <= limit else { throw .badKey("the file is too long for a key") }
        var blocks: [PEMBlock] = []
        var lines = text.withoutByteOrderMark.split(whereSeparator: \.isNewline).map(trimmed)[...]
        while let line = lines.popFirst() {
            guard let label = label(of: line, "BEGIN") else { continue }
            let body = lines.prefix { self.label(of: $0, "END") != label }
            lines = lines.dropFirst(body.count)
            guard lines.popFirst() != nil else {
                throw .badKey("its last line, -----END \(label)-----, is missing")
            }
            blocks.append(try PEMBlock(label: label, lines: body))
        }
        return blocks
    }

    private init(label: String, lines: ArraySlice<Substring>) throws(OAuthError) {
        self.label = label
        isEncrypted = lines.contains { $0.contains(":") && $0.contains("ENCRYPTED") }
        let base64 = lines.filter { !$0.contains(":") }.joined()
        // Encrypted data is never read: its header has continuation lines.
        guard let data = isEncrypted ? Data() : Data(base64Encoded: base64) else {
            throw .badKey("its text is damaged; take the whole file once more")
        }
        bytes = Array(data)
    }

    /// Returns a label only of capitals, digits and spaces, so that no error quotes a key's text.
    private static func label(of line: Substring, _ word: String) -> String? {
        let (start, end) = ("-----\(word) ", "-----")
        guard line.hasPrefix(start), line.hasSuffix(end), line.count > start.count + end.count
        else { return nil }
        let label = line.dropFirst(start.count).dropLast(end.count)
        let isLabel =
            label.utf8.count <= 40
            && label.utf8.allSatisfy {
                $0.isASCIIUppercase || $0.isASCIIDigit || $0 == UInt8(ascii: " ")
            }
        return isLabel ? String(label) : nil
    }

    private static func trimmed(_ line: Substring) -> Substring {
        let start = line.drop(while: \.isWhitespace)
        return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
    }
}
