import Crypto
import Foundation
import Primitives

/// The text of a key ring, which is changed line by line: comments stay.
package struct KeyRingText: Sendable {
    package let text: String

    private var lines: [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    /// Makes a new key ring with one random key.
    package static func new() -> KeyRingText {
        KeyRingText(
            text: """
                # Grantkeeper's key ring: without it no stored token can be opened. Keep a copy
                # apart from the database's. One key a line; the last one seals, all of them open.
                \(newLine().line)

                """)
    }

    /// Returns a line with a new random key.
    package static func newLine() -> (id: String, line: String) {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let id = Identifier.make("key")
        return (id, "\(id) \(secret.base64EncodedString())")
    }

    /// Returns the text with a key added that opens and does not seal yet.
    func adding(_ line: String) -> KeyRingText {
        let first = lines.firstIndex { Self.keyID(of: $0) != nil } ?? 0
        return with(lines[..<first] + [line] + lines[first...])
    }

    /// Returns the text with that key as the one that seals.
    func sealing(with id: String) -> KeyRingText {
        guard let line = line(of: id) else { return self }
        let rest = removing(id).lines
        let end = (rest.lastIndex { Self.keyID(of: $0) != nil } ?? -1) + 1
        return with(rest[..<end] + [line] + rest[end...])
    }

    func removing(_ id: String) -> KeyRingText {
        with(lines.filter { Self.keyID(of: $0) != id })
    }

    func line(of id: String) -> String? {
        lines.first { Self.keyID(of: $0) == id }
    }

    private func with(_ lines: some Sequence<String>) -> KeyRingText {
        KeyRingText(text: lines.joined(separator: "\n"))
    }

    private static func keyID(of line: String) -> String? {
        guard !line.hasPrefix("#") else { return nil }
        return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first.map(String.init)
    }
}
