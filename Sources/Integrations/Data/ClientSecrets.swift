import Encoding
import OAuth

/// The secrets by which a client proves itself to a provider; sealed together.
package struct ClientSecrets: Equatable, Sendable {
    package var clientSecret: String?
    /// A private key in PEM, where the client signs.
    package var privateKey: String?

    package init(clientSecret: String? = nil, privateKey: String? = nil) {
        self.clientSecret = clientSecret
        self.privateKey = privateKey
    }
}

extension ClientSecrets {
    /// The fields of an integration that hold them.
    package static let names = fields.map(\.name)

    /// The secrets that are present, as fields of an integration.
    package var members: [JSONValue.Member] {
        (json.members ?? []).filter { $0.value != .null }
    }

    /// Returns whether the fields of an integration contain a secret.
    package static func areGiven(in json: JSONValue) -> Bool {
        names.contains { json[$0]?.stringValue != nil }
    }
}

extension ClientSecrets {
    /// The longest client secret, in bytes: some are JSON Web Tokens.
    package static let longest = 16_384
}

extension ClientSecrets {
    /// The first byte of the JSON form: no text that a person types begins with it.
    private static let mark: UInt8 = 0

    /// The bytes that are sealed: a client secret alone as it is, which is all that older versions
    /// knew; else JSON. `nil` when there is no secret.
    package var bytes: [UInt8]? {
        guard let privateKey else { return clientSecret.map { Array($0.utf8) } }
        let json: JSONValue = [
            "clientSecret": .string(orNull: clientSecret), "privateKey": .string(privateKey),
        ]
        return [Self.mark] + json.encoded()
    }

    package init(bytes: [UInt8]) {
        guard bytes.first == Self.mark else {
            self.init(clientSecret: String(decoding: bytes, as: UTF8.self))
            return
        }
        let json = try? JSONValue(parsing: Array(bytes.dropFirst()))
        self.init(
            clientSecret: json?["clientSecret"]?.stringValue,
            privateKey: json?["privateKey"]?.stringValue)
    }
}

extension ClientSecrets {
    /// A private key in one of its two accepted forms.
    package enum Key {
        case pem(String)
        case serviceAccount(ServiceAccountKey)

        /// - Throws: ``OAuthError/badKey(_:)``.
        package func signingKey(_ algorithm: SigningAlgorithm?) throws -> SigningKey {
            switch self {
            case .pem(let text): try SigningKey(pem: text, algorithm: algorithm)
            case .serviceAccount(let account): try account.signingKey.signing(by: algorithm)
            }
        }
    }

    /// - Throws: ``OAuthError/badKey(_:)`` when there is no key, or its JSON is not a key file.
    package func key() throws -> Key {
        guard let privateKey = privateKey?.withoutByteOrderMark else {
            throw OAuthError.badKey("none is given; set 'privateKey'")
        }
        guard privateKey.first(where: { !$0.isWhitespace }) == "{" else { return .pem(privateKey) }
        return .serviceAccount(try ServiceAccountKey(json: Array(privateKey.utf8)))
    }
}

/// Hides the secrets where they are printed by mistake (SECURITY 26).
extension ClientSecrets: CustomStringConvertible, CustomReflectable {
    package var description: String { "ClientSecrets(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
