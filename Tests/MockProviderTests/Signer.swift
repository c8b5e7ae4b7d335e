import Crypto
import CryptoExtras
import Encoding
import Foundation
import MockProvider

/// A client that signs, well or badly, without a line of the code that Grantkeeper signs with.
struct Signer {
    private let key = P256.Signing.PrivateKey()

    var publicKey: String { key.publicKey.pemRepresentation }

    /// When a ``TestProvider`` begins, in seconds since 1970.
    static let now = 1_707_472_800

    static func claims(
        _ changes: [String: JSONValue?] = [:], id: String = UUID().uuidString
    ) -> [String: JSONValue] {
        var claims: [String: JSONValue] = [
            "iss": "robot", "sub": "robot", "aud": .string(TestProvider.issuer),
            "iat": .integer(now), "exp": .integer(now + 60), "jti": .string(id),
        ]
        for (name, value) in changes { claims[name] = value }
        return claims
    }

    func token(
        _ claims: [String: JSONValue] = claims(), header: [String: JSONValue] = ["alg": "ES256"]
    ) throws -> String {
        try Self.token(claims, header: header) {
            try key.signature(for: $0).rawRepresentation
        }
    }

    static func token(
        _ claims: [String: JSONValue], header: [String: JSONValue], sign: (Data) throws -> Data
    ) throws -> String {
        let parts = [header, claims].map { members in
            Text.base64URL(JSONValue.object(members.map { ($0.key, $0.value) }).encoded())
        }
        let signed = parts.joined(separator: ".")
        return "\(signed).\(Text.base64URL(try sign(Data(signed.utf8))))"
    }
}
