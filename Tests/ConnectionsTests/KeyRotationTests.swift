import Connections
import Crypto
import Encoding
import Foundation
import Keeper
import Primitives
import Storage
import Synchronization
import TestSupport
import Testing
import Vault

/// Giving the vault a new key, and taking the old one away (SECURITY 38, 39).
struct KeyRotationTests {
    private let house: TestKeeper
    private let oldKey: String

    init() throws {
        house = try TestKeeper()
        oldKey = try house.keyRingFile.read().ids[0]
        try house.addDrive()
        try house.addNews()
        try house.connect()
        try house.connect("bob")
        try house.connect(to: "news", with: ["apiKey": "news-key"])
        _ = try house.keeper.startConnect(
            "drive", for: TestKeeper.user("carol"), browserID: "browser", returnTo: nil,
            isPopup: false)
        try house.connect("dave")
        house.network.answer("https://provider.test/revoke") { _ in FakeAnswer(503) }
        try house.keeper.disconnector.disconnect("drive", by: TestKeeper.user("dave"))
    }

    private var care: VaultMaintenance { house.keeper.vaultMaintenance }

    private func generations() throws -> [Int64] {
        try house.database().read {
            try $0.all("SELECT generation FROM connection ORDER BY id") { $0.integer(0) }
        }
    }

    /// The code of the conflict that the closure ends in.
    private func conflict(_ body: () throws -> Void) -> String? {
        guard
            case .conflict(let code, _)? = #expect(throws: InputError.self, performing: body)
        else { return nil }
        return code.rawValue
    }

    @Test func `SECURITY 39: everything is sealed with the new key, and the old one can go`() throws
    {
        let before = try generations()
        let status = try care.rotate()
        #expect(status.keys.map(\.id).first == oldKey)
        #expect(status.keys.map(\.values) == [0, 7])
        #expect(status.keys.map(\.mayGo) == [true, false])
        #expect(status.broken.isEmpty)
        #expect(try generations() == before)
        _ = try care.retire(oldKey)
        #expect(try !house.keyRingFile.read().ids.contains(oldKey))
        let successor = try house.neighbour()
        #expect(try successor.vaultMaintenance.status().keys.map(\.values) == [7])
        #expect(try house.call().status == 200)
    }

    @Test func `SECURITY 39: a client's private key is sealed with the new key, and still signs`()
        throws
    {
        try house.addDrive([
            ("slug", "signed"), ("clientAuthentication", "private_key_jwt"),
            ("privateKey", .string(P256.Signing.PrivateKey().pemRepresentation)),
        ])
        try house.connect(to: "signed")
        func signatures() -> Int {
            house.network.sent(to: "https://provider.test/token")
                .count { $0.form["client_assertion"] != nil }
        }
        #expect(signatures() == 1)
        #expect(try care.rotate().broken.isEmpty)
        house.keeper.keyRingWatch.look()
        _ = try care.retire(oldKey)
        house.clock.advance(by: 4000)
        #expect(try house.call("/", slug: "signed").status == 200)
        let successor = try house.neighbour()
        house.clock.advance(by: 4000)
        #expect(try house.call("/", slug: "signed", by: successor).status == 200)
        #expect(signatures() == 3)
        #expect(try successor.deepCheck.problems() == [])
    }

    @Test func `a process that started before the new key serves on, and refreshes`() throws {
        _ = try house.call()
        _ = try house.neighbour().vaultMaintenance.rotate()
        #expect(try house.call().status == 200)
        house.clock.advance(by: 4000)
        #expect(try house.call().status == 200)
        house.keeper.keyRingWatch.look()
        house.clock.advance(by: 4000)
        #expect(try house.call(as: "bob").status == 200)
    }

    @Test func `the client secret that a process remembers is not the old one`() throws {
        #expect(try house.call().status == 200)
        let neighbour = try house.neighbour()
        _ = try neighbour.vaultMaintenance.rotate()
        house.keeper.keyRingWatch.look()
        _ = try neighbour.vaultMaintenance.retire(oldKey)
        house.keeper.keyRingWatch.look()
        house.clock.advance(by: 4000)
        #expect(try house.call().status == 200)
    }

    @Test func `nothing is sealed with a key before every serving process has it`() throws {
        let process = try house.neighbour()
        process.keyRingWatch.look()
        #expect(conflict { _ = try care.rotate(patience: .zero) } == "key_not_adopted")
        #expect(try house.keyRingFile.read().current.id == oldKey)
        #expect(try care.status().keys.map(\.values).max() == 7)
        process.keyRingWatch.look()
        #expect(conflict { _ = try care.rotate(patience: .zero) } == "key_not_adopted")
        #expect(try house.keyRingFile.read().current.id != oldKey)
        #expect(conflict { _ = try care.retire(oldKey) } == "key_in_use")
        process.keyRingWatch.look()
        let status = try care.rotate(patience: .zero)
        #expect(status.keys.count == 2)
        #expect(status.keys.map(\.mayGo) == [true, false])
        process.keyRingWatch.stop()
    }

    @Test func `a rotation that was stopped goes on, and adds no further key`() throws {
        let process = try house.neighbour()
        process.keyRingWatch.look()
        _ = conflict { _ = try care.rotate(patience: .zero) }
        let added = try house.keyRingFile.read().ids
        process.keyRingWatch.stop()
        _ = try house.neighbour().vaultMaintenance.rotate()
        #expect(try Set(house.keyRingFile.read().ids) == Set(added))
        #expect(try house.keyRingFile.read().current.id != oldKey)
    }

    @Test func `a key that is needed is not retired`() throws {
        #expect(conflict { _ = try care.retire(oldKey) } == "key_in_use")
        let process = try house.neighbour()
        process.keyRingWatch.look()
        try house.keyRingFile.appendKey()
        #expect(
            conflict { _ = try house.neighbour().vaultMaintenance.retire(oldKey) } == "key_in_use")
        process.keyRingWatch.stop()
    }

    @Test func `the database takes nothing that is sealed with a retired key`() throws {
        let straggler = try house.neighbour()
        _ = try care.rotate()
        _ = try care.retire(oldKey)
        #expect(throws: (any Error).self) {
            try straggler.handOver(
                ["apiKey": "another"], to: "news", by: TestKeeper.user("alice"))
        }
        straggler.keyRingWatch.look()
        _ = try straggler.handOver(["apiKey": "another"], to: "news", by: TestKeeper.user("alice"))
        straggler.keyRingWatch.stop()
        #expect(try house.call("/", slug: "news").status == 200)
    }

    @Test func `a retired key is kept apart, readable by no other user`() throws {
        let line = try house.keyRingFile.read().text.text.split(separator: "\n")
            .first { $0.hasPrefix(oldKey) }
        _ = try care.rotate()
        let path = try care.retire(oldKey)
        let kept = try String(contentsOfFile: path, encoding: .utf8)
        #expect(kept == "\(line ?? "")\n")
        #expect(try mode(path) == 0o600)
        let keyRing = try house.keyRingFile.read().text.text
        #expect(keyRing.contains("# Grantkeeper's key ring"))
        #expect(try mode(house.keyRingFile.path) == 0o600)
    }

    @Test func `SECURITY 38: a value that was changed or moved is refused, others are served`()
        throws
    {
        try house.database().write { transaction in
            try transaction.execute(
                """
                UPDATE connection SET credential =
                    (SELECT credential FROM connection WHERE holder = 'bob')
                WHERE holder = 'alice' AND integrationId =
                    (SELECT id FROM integration WHERE slug = 'drive')
                """)
        }
        #expect(throws: VaultError.self) { try house.call() }
        #expect(try house.call(as: "bob").status == 200)
        #expect(try care.status().broken.count == 1)
        let status = try care.rotate()
        #expect(status.broken.count == 1)
        #expect(status.keys.map(\.values) == [0, 6])
        _ = try care.retire(oldKey)
        #expect(try house.call(as: "bob").status == 200)
        #expect(try house.call("/", slug: "news").status == 200)
    }

    @Test func `SECURITY 39: without a key that is in use nothing starts`() throws {
        try KeyRing.newText().write(
            toFile: house.keyRingFile.path, atomically: false, encoding: .utf8)
        #expect(throws: VaultError.self) { try house.neighbour() }
    }

    @Test func `a key ring that is a systemd credential is not changed, and it is said how`()
        throws
    {
        let credential = KeyRingFile(path: house.keyRingFile.path, isCredential: true)
        let care = try house.neighbour(keyRing: credential).vaultMaintenance
        #expect(conflict { _ = try care.rotate() } == "key_ring_is_credential")
        #expect(throws: KeyRingError.self) {
            try credential.appendKey()
            _ = try house.neighbour(keyRing: credential).vaultMaintenance.rotate()
            _ = try house.neighbour(keyRing: credential).vaultMaintenance.retire(oldKey)
        }
        #expect(try house.neighbour().vaultMaintenance.status().keys.map(\.values) == [0, 7])
    }

    /// Every refresh must come with the token that was issued last: a value that an older one
    /// had overwritten would show at once.
    @Test func `tokens that rotate while everything is sealed again are never lost`() throws {
        let issued = Mutex(["alice": "refresh-1"])
        try house.connect()
        let first = house.network.sent(to: "https://provider.test/token").count
        issued.withLock { $0["alice"] = "" }
        house.network.answer("https://provider.test/token") { request in
            issued.withLock { issued in
                let isRight =
                    issued["alice"] == "" || request.form["refresh_token"] == issued["alice"]
                guard isRight else { return .refusal("invalid_grant") }
                let next = "refresh-\(UInt64.random(in: 0 ... .max))"
                issued["alice"] = next
                return .json([
                    "access_token": "a", "token_type": "Bearer", "expires_in": 60,
                    "refresh_token": .string(next),
                ])
            }
        }
        house.clock.advance(by: 4000)
        let rotating = Thread(try house.neighbour()) { keeper in
            for _ in 0..<5 { _ = try keeper.vaultMaintenance.rotate() }
        }
        var calls = 0
        while !rotating.hasEnded {
            #expect(try house.call().status == 200)
            house.keeper.keyRingWatch.look()
            house.clock.advance(by: 100)
            calls += 1
        }
        try rotating.result()
        #expect(try house.call().status == 200)
        #expect(house.network.sent(to: "https://provider.test/token").count >= first + calls)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}

extension KeyRingFile {
    /// As an operator does by hand: the new key is the one that seals.
    func appendKey() throws {
        let text = try read().text.text + KeyRingText.newLine().line + "\n"
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
}

/// Something that runs beside a test.
private final class Thread: Sendable {
    private let outcome = Mutex<Result<Void, any Error>?>(nil)

    init(_ keeper: Keeper, _ body: @escaping @Sendable (Keeper) throws -> Void) {
        Foundation.Thread.detachNewThread {
            let result = Result { try body(keeper) }
            self.outcome.withLock { $0 = result }
        }
    }

    var hasEnded: Bool { outcome.withLock { $0 != nil } }

    func result() throws { try outcome.withLock { try $0?.get() } }
}
