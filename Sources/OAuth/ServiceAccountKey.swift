import Encoding

/// A service account of Google's, from the JSON key file of Google's console.
package struct ServiceAccountKey: Sendable {
    /// The account's address: the issuer of its assertions.
    package let email: String
    package let signingKey: SigningKey
    package let keyID: String?
    /// The endpoint that gives its tokens, and the audience of its assertions.
    package let tokenEndpoint: String

    /// The longest file that is read, in bytes.
    static let limit = 65_536

    /// - Throws: ``OAuthError/badKey(_:)``, which says what to do and shows nothing of the key.
    package init(json: [UInt8]) throws(OAuthError) {
        guard json.count <= Self.limit, let file = try? JSONValue(parsing: json),
            file.members != nil
        else { throw .badKey("the file is not the JSON key file of a service account") }
        guard file["type"] == "service_account" else { throw .badKey(Self.whatItIs(file)) }
        email = try Self.text("client_email", in: file)
        signingKey = try SigningKey(pem: try Self.text("private_key", in: file))
        keyID = file["private_key_id"]?.stringValue
        tokenEndpoint = try Self.text("token_uri", in: file)
        guard (try? EndpointURL(tokenEndpoint))?.url.origin.isSecure == true else {
            throw .badKey("the key file's token_uri is no https URL")
        }
    }

    private static func text(_ name: String, in file: JSONValue) throws(OAuthError) -> String {
        guard let text = file[name]?.stringValue, !text.isEmpty else {
            throw .badKey("the key file has no \(name); take a new one for the service account")
        }
        return text
    }

    private static func whatItIs(_ file: JSONValue) -> String {
        let advice = "; make a JSON key in Google Cloud's console, under the service account's Keys"
        if file["web"] != nil || file["installed"] != nil {
            return "the file holds an OAuth client's secret, not a service account's key\(advice)"
        }
        switch file["type"]?.stringValue {
        case "authorized_user": return "the file holds a person's own login\(advice)"
        case "external_account": return "the file is of workload identity and has no key\(advice)"
        default: return "the file is not the JSON key file of a service account\(advice)"
        }
    }

    /// Returns the assertion with which the account gets a token.
    ///
    /// - Parameters:
    ///   - scope: The scopes, separated by spaces.
    ///   - subject: A user of the domain that has given the account authority over it.
    package func assertion(scope: String?, subject: String? = nil) -> BearerAssertion {
        BearerAssertion(issuer: email, subject: subject, audience: tokenEndpoint, scope: scope)
    }
}

extension ServiceAccountKey: CustomStringConvertible, CustomReflectable {
    /// Never the key: descriptions end in logs (SECURITY 26).
    package var description: String { "ServiceAccountKey(\(email))" }

    package var customMirror: Mirror { Mirror(self, children: ["email": email]) }
}
