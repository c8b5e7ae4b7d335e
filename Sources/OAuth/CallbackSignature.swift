import Crypto
import Encoding
import FoundationEssentials

/// A provider's signature over what the browser brings back: HMAC-SHA256 with the client secret, in
/// hexadecimal, over the other parameters, sorted by their names (Shopify's OAuth documentation).
package struct CallbackSignature: Equatable, Sendable {
    /// The parameter that carries it.
    package let parameter: String

    package init(parameter: String) {
        self.parameter = parameter
    }

    /// Whether the parameters are those that the provider signed.
    package func isValid(over fields: Form, secret: String) -> Bool {
        guard let code = fields[parameter].flatMap(Self.bytes), fields.all(parameter).count == 1
        else { return false }
        let message = fields.fields.filter { $0.name != parameter }
            .map { "\($0.name)=\($0.value)" }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .joined(separator: "&")
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: Data(message.utf8), using: SymmetricKey(data: Data(secret.utf8)))
    }

    private static func bytes(_ hexadecimal: String) -> Data? {
        let digits = hexadecimal.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 2 * SHA256.byteCount else { return nil }
        var bytes = Data()
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
