import Crypto
import Encoding
import Foundation
import HTTPTypes
import Headers
import Vault

/// The mark that this service writes into every request that it sends, to recognize a request that
/// comes back to it (RFC 8586): a call that leads here again and again would use up the workers.
///
/// The mark is derived from the key ring, so that all processes with the same keys share it and it
/// reveals nothing. A caller cannot keep it out of a call. Marks of other services like this one
/// are passed on, since a call might go round between two of them, too; the field's rest is not.
package struct LoopMark: Sendable {
    package let text: String
    private let known: Set<String>
    private static let beginning = "grantkeeper-"
    private static let byteCount = 16
    /// The most marks of a plausible call: no one has a call pass through more services.
    private static let mostMarks = 8

    package init(_ keyRing: KeyRing) {
        text = Self.mark(of: keyRing.current)
        known = Set(keyRing.keys.map(Self.mark))
    }

    /// Whether a request with these fields has been here before, or has come a suspiciously long
    /// way.
    package func isIn(_ headers: HeaderFields) -> Bool {
        guard let field = headers[.cdnLoop] else { return false }
        let marks = Self.marks(in: field)
        return marks.count > Self.mostMarks || marks.contains { known.contains($0) }
    }

    /// Returns the marks of a request's field that are sent with the call that it asks for.
    package static func passedOn(_ headers: HeaderFields) -> [String] {
        headers[.cdnLoop].map(marks) ?? []
    }

    private static func marks(in field: String) -> [String] {
        field.split { ", \t;".contains($0) }.filter(isMark).map(String.init)
    }

    private static func isMark(_ text: Substring) -> Bool {
        text.hasPrefix(beginning) && text.utf8.count == beginning.utf8.count + 2 * byteCount
            && Hexadecimal.decode(text.dropFirst(beginning.utf8.count)) != nil
    }

    private static func mark(of key: KeyRing.Key) -> String {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key.secret, info: Data("loop mark".utf8), outputByteCount: byteCount)
        return beginning + derived.withUnsafeBytes { Hexadecimal.encode($0) }
    }
}

extension HTTPField.Name {
    /// RFC 8586 §2.
    static let cdnLoop = HTTPField.Name.known("CDN-Loop")
}
