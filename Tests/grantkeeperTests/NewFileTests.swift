import Foundation
import TestSupport
import Testing
import grantkeeper

@Suite struct NewFileTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `a file has its mode, and nothing that exists is overwritten`() throws {
        let path = directory.file("keys")
        try NewFile.write("one", to: path, mode: 0o600)
        #expect(try mode(path) == 0o600)
        #expect(throws: CommandFailure.self) { try NewFile.write("two", to: path, mode: 0o600) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "one")
    }

    @Test func `folders are made with those above them, and one that exists is left alone`() throws
    {
        let path = directory.file("a/b/c")
        try NewFile.makeFolder(path, mode: 0o700)
        #expect(try mode(path) == 0o700)
        try NewFile.makeFolder(path, mode: 0o755)
        #expect(try mode(path) == 0o700)
    }

    @Test func `a user who does not exist gets nothing`() throws {
        let path = directory.file("keys")
        try NewFile.write("one", to: path, mode: 0o600)
        #expect(try NewFile.give(path, to: "no-such-user-here") == false)
    }
}
