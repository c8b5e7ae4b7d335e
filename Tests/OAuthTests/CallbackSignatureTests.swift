import Crypto
import Encoding
import Foundation
import OAuth
import Testing

@Suite struct CallbackSignatureTests {
    private let signature = CallbackSignature(parameter: "hmac")

    private func isValid(_ query: String, secret: String = "hush") throws -> Bool {
        signature.isValid(over: try #require(Form(encoded: query)), secret: secret)
    }

    /// As a provider does it, over a text that is written down here.
    private func signed(_ query: String, over message: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(message.utf8), using: SymmetricKey(data: Data("hush".utf8)))
        return query + "&hmac=" + code.map { String(format: "%02x", $0) }.joined()
    }

    /// From Shopify's documentation, older and newer.
    @Test(arguments: [
        "code=0907a61c0c8d55e99db179b68161bc00"
            + "&hmac=700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf"
            + "&shop=some-shop.myshopify.com&state=0.6784241404160823&timestamp=1337178173",
        "code=0907a61c0c8d55e99db179b68161bc00"
            + "&hmac=4712bf92ffc2917d15a2f5a273e39f0116667419aa4b6ac0b3baaf26fa3c4d20"
            + "&shop=some-shop.myshopify.com&timestamp=1337178173",
        "shop=some-shop.myshopify.com&timestamp=1337178173&code=a94a110d86d2452eb3e2af4cfb8a3828"
            + "&hmac=2cb1a277650a659f1b11e92a4a64275b128e037f2c3390e3c8fd2d8721dac9e2",
    ])
    func `the provider's examples are valid, and nothing that was changed`(query: String) throws {
        #expect(try isValid(query))
        #expect(try isValid(query.split(separator: "&").reversed().joined(separator: "&")))
        #expect(try !isValid(query.replacing("some-shop", with: "other-shop")))
        #expect(try !isValid(query + "&further=1"))
        #expect(try !isValid(query, secret: "other"))
    }

    @Test func `parameters are sorted by their names, and encoded`() throws {
        // By whole pairs 'a-b=' would come before 'a='.
        let query = signed(
            "a-b=2&host=b64%3D%3D&a=1%262%20%2F", over: "a=1%262%20%2F&a-b=2&host=b64%3D%3D")
        #expect(try isValid(query))
    }

    @Test func `what was signed as one value does not pass for two`() throws {
        let signed = signed("code=C%26host%3DH", over: "code=C%26host%3DH")
        #expect(try isValid(signed))
        #expect(try !isValid(signed.replacing("C%26host%3DH", with: "C&host=H")))
        let raw = self.signed("code=C%26host%3DH", over: "code=C&host=H")
        #expect(try !isValid(raw))
        #expect(try isValid(raw.replacing("C%26host%3DH", with: "C&host=H")))
    }

    @Test func `a parameter that occurs twice is refused, whatever was signed`() throws {
        #expect(try isValid(signed("a=1&b=2", over: "a=1&b=2")))
        for message in ["a=1&a=1", "a=1", "a=1%2C1", "a=1,1"] {
            #expect(try !isValid(signed("a=1&a=1", over: message)))
        }
        let query = signed("a=1", over: "a=1")
        #expect(try !isValid(query + "&hmac=" + query.suffix(64)))
    }

    @Test(arguments: ["", "zz", "0", String(repeating: "0", count: 63)])
    func `a signature that is none is refused`(code: String) throws {
        #expect(try !isValid("a=1&hmac=\(code)"))
        #expect(try !isValid("a=1"))
    }

    @Test func `without a secret nothing is believed`() throws {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("a=1".utf8), using: SymmetricKey(data: Data()))
        let hex = code.map { String(format: "%02x", $0) }.joined()
        #expect(try !isValid("a=1&hmac=\(hex)", secret: ""))
    }
}
