import Foundation
import TestSupport
import Testing
import Vault

struct KeyRingTests {
    private static let secret = Data(repeating: 7, count: 32).base64EncodedString()

    @Test func `a new key ring can be read`() throws {
        _ = try KeyRing(text: KeyRing.newText())
    }

    @Test func `comments, blank lines and the line ends of another system are no matter`() throws {
        _ = try KeyRing(text: "# a comment\n\nk1 \(Self.secret)\n")
        _ = try KeyRing(text: "# a comment\r\n\r\nk1 \(Self.secret)\r\nk2\t\(Self.secret)\r\n")
    }

    @Test(arguments: [
        ("", "there is no key"), ("# only a comment\n", "there is no key"),
        ("k1\n", "line 1"), ("\nk1 short\n", "line 2"), ("k1 AAAA\n", "line 1"),
        ("k1 \(secret) more\n", "line 1"), ("K_1 \(secret)\n", "line 1"),
        ("k1 \(secret)\nk1 \(secret)\n", "line 2 repeats the id k1"),
        ("k1 \(secret)\n\(secret)\n", "line 2"),
    ])
    func `a malformed key ring is refused with its line, and not its content`(
        text: String, problem: String
    ) {
        let error = #expect(throws: KeyRingError.self) { try KeyRing(text: text) }
        #expect(error?.description.contains(problem) == true)
        #expect(error?.description.contains(Self.secret) == false)
    }

    @Test(arguments: [0o600, 0o400])
    func `SECURITY 39: a key ring of its owner's alone is read`(mode: Int) throws {
        let directory = try TemporaryDirectory()
        _ = try KeyRing(file: try write(mode: mode, in: directory))
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o660, 0o610])
    func `SECURITY 39: a key ring that is open to others is refused`(mode: Int) throws {
        let directory = try TemporaryDirectory()
        let path = try write(mode: mode, in: directory)
        let error = #expect(throws: KeyRingError.self) { try KeyRing(file: path) }
        #expect(error?.description.contains("chmod 600") == true)
    }

    @Test func `a key ring that is not there is told from a wrong one`() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: KeyRingError.self) {
            try KeyRing(file: directory.file("none"))
        }
        #expect(error?.description.contains("grantkeeper init") == true)
    }

    private func write(mode: Int, in directory: TemporaryDirectory) throws -> String {
        let path = directory.file("keys")
        try KeyRing.newText().write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }
}
