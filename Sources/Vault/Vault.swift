import Crypto
import Foundation

/// Seals secrets for the database, and opens them again: AES-256-GCM with a fresh random nonce.
///
/// A sealed value is: a format byte (1), the length of the key's id, the id, the nonce of 12 bytes,
/// the ciphertext, the tag of 16 bytes. Its place is authenticated with it, so that a value that
/// was moved to another row, column or owner does not open.
package struct Vault: Sendable {
    private static let format: UInt8 = 1
    private let keyRing: LiveKeyRing

    package init(keyRing: LiveKeyRing) {
        self.keyRing = keyRing
    }

    /// Makes a vault with a key ring that does not change.
    init(keyRing: KeyRing) {
        self.init(keyRing: LiveKeyRing(keyRing))
    }

    package func seal(_ secret: some Sequence<UInt8>, at place: SealedPlace) throws -> [UInt8] {
        let key = keyRing.keyRing.current
        let box = try AES.GCM.seal(
            [UInt8](secret), using: key.secret,
            authenticating: place.associatedData(keyID: key.id))
        return Self.beginning(sealedWith: key.id)
            + [UInt8](box.nonce) + [UInt8](box.ciphertext) + [UInt8](box.tag)
    }

    /// The bytes with which every value begins that is sealed with that key.
    static func beginning(sealedWith keyID: String) -> [UInt8] {
        [format, UInt8(keyID.utf8.count)] + [UInt8](keyID.utf8)
    }

    /// Returns the id of the key that a value names as its own.
    static func keyID(of sealed: [UInt8]) -> String? {
        guard sealed.count > 2, sealed[0] == format, sealed.count > 2 + Int(sealed[1]) else {
            return nil
        }
        return String(decoding: sealed[2..<2 + Int(sealed[1])], as: UTF8.self)
    }

    /// - Throws: ``VaultError/sealBroken(_:)``, which names the place and not the content.
    package func open(_ sealed: [UInt8], at place: SealedPlace) throws -> [UInt8] {
        guard let keyID = Self.keyID(of: sealed) else {
            throw VaultError.sealBroken("\(place): not a sealed value")
        }
        guard let key = keyRing.key(id: keyID) else {
            throw VaultError.sealBroken("\(place): the key ring has no key \(keyID)")
        }
        do {
            return [UInt8](
                try AES.GCM.open(
                    AES.GCM.SealedBox(combined: sealed[(2 + keyID.utf8.count)...]),
                    using: key.secret,
                    authenticating: place.associatedData(keyID: keyID)))
        } catch {
            throw VaultError.sealBroken(
                "\(place): changed, moved, or sealed with another key")
        }
    }
}

/// The row, column and owner that a sealed value belongs to.
package struct SealedPlace: CustomStringConvertible {
    let table: String
    let row: String
    let column: String
    let owner: String

    /// - Parameter owner: The user to whom the value belongs, where it is bound to one.
    package init(table: String, row: String, column: String, owner: String = "") {
        self.table = table
        self.row = row
        self.column = column
        self.owner = owner
    }

    /// The parts, each with its length before it, so that no two places look alike.
    func associatedData(keyID: String) -> [UInt8] {
        var data: [UInt8] = []
        data.reserveCapacity(256)
        Self.append(table, to: &data)
        Self.append(row, to: &data)
        Self.append(column, to: &data)
        Self.append(owner, to: &data)
        Self.append(keyID, to: &data)
        return data
    }

    /// Appends a part's length in bytes, as 32 bits in network order, and the part.
    private static func append(_ part: String, to data: inout [UInt8]) {
        let count = UInt32(part.utf8.count)
        for shift: UInt32 in [24, 16, 8, 0] {
            data.append(UInt8(truncatingIfNeeded: count >> shift))
        }
        var part = part
        part.withUTF8 { data.append(contentsOf: $0) }
    }

    package var description: String { "\(table) \(row) \(column)" }
}
