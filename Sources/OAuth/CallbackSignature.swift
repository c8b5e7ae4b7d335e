import Crypto
import Encoding
import FoundationEssentials

/// A provider's signature over the callback's parameters: HMAC-SHA256 with the client secret, in
/// hexadecimal, over the other parameters as a form, sorted by their names (as Shopify's own
/// libraries check it).
package struct CallbackSignature: Equatable, Sendable {
    /// The parameter that carries it.
    package var parameter: String

    package init(parameter: String) {
        self.parameter = parameter
    }

    /// Whether the parameters are those that the provider signed, each of them once.
    ///
    /// They are encoded before they are joined: else one value with `&` and `=` in it could pass
    /// for several.
    package func isValid(over fields: Form, secret: String) -> Bool {
        let names = fields.fields.map(\.name)
        guard !secret.isEmpty, Set(names).count == names.count,
            let code = fields[parameter].flatMap(Hexadecimal.decode)
        else { return false }
        let signed = fields.fields.filter { $0.name != parameter }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: Data(Form(signed).encoded.utf8),
            using: SymmetricKey(data: Data(secret.utf8)))
    }
}
