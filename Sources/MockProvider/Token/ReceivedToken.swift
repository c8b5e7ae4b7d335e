import Encoding
import FoundationEssentials

/// A token in the compact form of RFC 7515 §7.1, parsed and not yet verified.
struct ReceivedToken {
    let header: JSONValue
    let claims: JSONValue
    /// The bytes that the signature covers.
    private let signed: Data
    private let signature: Data

    /// - Returns: `nil` unless there are three parts in base64url, two of them JSON objects.
    init?(_ compact: String) {
        let parts = compact.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]),
            let claims = Self.object(parts[1]), let signature = Self.bytes(parts[2])
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signed = Data("\(parts[0]).\(parts[1])".utf8)
    }

    /// Returns whether the header is understood, and the signature is valid for the key.
    func isSigned(by key: RegisteredKey) -> Bool {
        // RFC 7515 §4.1.11: critical headers that are not understood are refused.
        guard header["crit"] == nil, let algorithm = header["alg"]?.stringValue else {
            return false
        }
        return key.isValid(signature, over: signed, algorithm: algorithm)
    }

    private static func object(_ part: Substring) -> JSONValue? {
        guard let data = bytes(part), let value = try? JSONValue(parsing: Array(data)),
            value.members != nil
        else { return nil }
        return value
    }

    /// Decodes base64url, which must have the URL-safe alphabet and no padding (RFC 7515 §2).
    private static func bytes(_ part: Substring) -> Data? {
        guard !part.isEmpty, !part.contains(where: { "+/=".contains($0) }) else { return nil }
        let padding = String(repeating: "=", count: (4 - part.utf8.count % 4) % 4)
        return Data(
            base64Encoded: part.replacing("-", with: "+").replacing("_", with: "/") + padding)
    }
}
