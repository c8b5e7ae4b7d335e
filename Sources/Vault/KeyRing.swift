import Crypto
import Foundation

/// The keys that secrets are sealed with: a file of mode 0600, one key per line, as an id and 256
/// bits in base64. The last line's key seals; all of them open.
package struct KeyRing: Sendable {
    package struct Key: Sendable {
        package let id: String
        package let secret: SymmetricKey
    }

    package let keys: [Key]

    /// The key that seals.
    package let current: Key

    /// The text as it was written; contains the keys.
    package let text: KeyRingText

    /// Reads a key ring file that only its owner can read.
    ///
    /// - Throws: ``KeyRingError``, which says what to change.
    package init(file path: String) throws(KeyRingError) {
        try Self.checkMode(path)
        try self.init(reading: path)
    }

    /// Reads a key ring file, whatever its mode.
    init(reading path: String) throws(KeyRingError) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw KeyRingError("cannot read the key ring \(path)")
        }
        do {
            try self.init(text: text)
        } catch {
            throw KeyRingError("the key ring \(path): \(error)")
        }
    }

    /// - Throws: ``KeyRingError`` that names the line.
    package init(text: String) throws(KeyRingError) {
        var keys: [Key] = []
        // CR LF is one character, and a new line.
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if words.isEmpty || line.hasPrefix("#") { continue }
            guard words.count == 2, Self.isKeyID(words[0]),
                let secret = Data(base64Encoded: String(words[1])), secret.count == 32
            else {
                throw KeyRingError(
                    "line \(index + 1) is not an id and 32 bytes in base64, divided by a space")
            }
            let id = String(words[0])
            guard !keys.contains(where: { $0.id == id }) else {
                throw KeyRingError("line \(index + 1) repeats the id \(id)")
            }
            keys.append(Key(id: id, secret: SymmetricKey(data: secret)))
        }
        guard let last = keys.last else { throw KeyRingError("there is no key in it") }
        self.keys = keys
        current = last
        self.text = KeyRingText(text: text)
    }

    /// The text of a new key ring with one random key.
    package static func newText() -> String { KeyRingText.new().text }

    /// The keys, in the file's order.
    package var ids: [String] { keys.map(\.id) }

    func key(id: String) -> Key? {
        keys.first { $0.id == id }
    }

    private static func isKeyID(_ text: Substring) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D
            }
    }

    private static func checkMode(_ path: String) throws(KeyRingError) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let mode = attributes[.posixPermissions] as? Int
        else {
            throw KeyRingError("there is no key ring at \(path): 'grantkeeper init' makes one")
        }
        guard mode & 0o077 == 0 else {
            throw KeyRingError("the key ring \(path) can be read by others: chmod 600 it")
        }
    }
}

/// Keeps keys out of sight where a key ring is printed by mistake (SECURITY 26).
extension KeyRing: CustomStringConvertible, CustomReflectable {
    package var description: String { "KeyRing(\(ids.joined(separator: " ")))" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A reason why a key ring cannot be used.
package struct KeyRingError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
