import Crypto
import Encoding
import Foundation
import OAuth
import Testing

/// A JSON Web Token that was sent, verified with RFC 7515 appendix A.3's public key and read.
struct SignedToken {
    let header: JSONValue
    let claims: JSONValue

    init(_ compact: String?) throws {
        let parts = try #require(compact).split(separator: ".", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        header = try JSONValue(parsing: Array(try #require(data(base64URL: parts[0]))))
        claims = try JSONValue(parsing: Array(try #require(data(base64URL: parts[1]))))
        let key = try P256.Signing.PrivateKey(pemRepresentation: Keys.p256).publicKey
        let signature = try #require(data(base64URL: parts[2]))
        #expect(
            key.isValidSignature(
                try .init(rawRepresentation: signature),
                for: Data("\(parts[0]).\(parts[1])".utf8)))
    }
}
