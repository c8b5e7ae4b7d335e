import Encoding
import Integrations
import Primitives
import Vault

/// Tokens that wait in a process's file for the database to take them.
package struct KeptToken {
    let issued: IssuedCredential
    let connectionID: String
    let integrationID: String
    let integrationRevision: Int64
    let holder: String
    /// The generation of the tokens that they replace.
    let generation: Int64

    init(_ issued: IssuedCredential, refreshing connection: Connection, _ integration: Integration)
    {
        self.issued = issued
        connectionID = connection.id
        integrationID = integration.id
        integrationRevision = integration.revision
        holder = connection.holder
        generation = connection.generation
    }

    /// - Throws: ``VaultError/sealBroken(_:)``.
    init(sealed record: [UInt8], by process: String, _ vault: Vault) throws {
        let json = try JSONValue(parsing: try vault.open(record, at: Self.place(process)))
        guard let connectionID = json["connection"]?.stringValue,
            let integrationID = json["integration"]?.stringValue,
            let revision = json["revision"]?.intValue,
            let holder = json["holder"]?.stringValue,
            let generation = json["generation"]?.intValue,
            let credential = json["credential"].flatMap({ Credential(bytes: $0.encoded()) })
        else { throw VaultError.sealBroken("\(Self.place(process)): not a kept token") }
        self.connectionID = connectionID
        self.integrationID = integrationID
        integrationRevision = Int64(revision)
        self.holder = holder
        self.generation = Int64(generation)
        var issued = IssuedCredential(credential)
        issued.scope = json["scope"]?.stringValue
        issued.tokenExpiresAt = Self.moment(json["tokenExpiresAt"])
        issued.refreshTokenExpiresAt = Self.moment(json["refreshTokenExpiresAt"])
        self.issued = issued
    }

    func sealed(by process: String, _ vault: Vault) throws -> [UInt8] {
        let json: JSONValue = [
            "connection": .string(connectionID), "integration": .string(integrationID),
            "revision": .integer(Int(integrationRevision)), "holder": .string(holder),
            "generation": .integer(Int(generation)),
            "credential": try JSONValue(parsing: issued.credential.bytes),
            "scope": .string(orNull: issued.scope),
            "tokenExpiresAt": Self.number(issued.tokenExpiresAt),
            "refreshTokenExpiresAt": Self.number(issued.refreshTokenExpiresAt),
        ]
        return try vault.seal(json.encoded(), at: Self.place(process))
    }

    private static func place(_ process: String) -> SealedPlace {
        SealedPlace(table: "process", row: process, column: "token")
    }

    private static func moment(_ json: JSONValue?) -> Timestamp? {
        (json?.intValue).map { Timestamp(seconds: Int64($0)) }
    }

    private static func number(_ moment: Timestamp?) -> JSONValue {
        moment.map { .integer(Int($0.seconds)) } ?? .null
    }
}
