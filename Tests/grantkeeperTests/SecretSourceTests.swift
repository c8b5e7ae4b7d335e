import Foundation
import TestSupport
import Testing
import grantkeeper

@Suite struct SecretSourceTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("secret")
    }

    private func read(_ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try SecretSource.file(path).read()
    }

    @Test(arguments: ["s3cret", "s3cret\n", "s3cret\r\n"])
    func `a secret is a file's only line, without its end`(text: String) throws {
        #expect(try read(text) == "s3cret")
    }

    @Test func `spaces belong to the secret`() throws {
        #expect(try read(" s3 cret \n") == " s3 cret ")
    }

    @Test(arguments: ["", "\n", "one\ntwo\n"])
    func `no line and several lines are no secret`(text: String) {
        #expect(throws: CommandFailure.self) { try read(text) }
    }

    @Test func `a file that is not there is named`() {
        let error = #expect(throws: CommandFailure.self) {
            try SecretSource.file("/nowhere/secret").read()
        }
        #expect(error?.description == "The secret's file /nowhere/secret can't be read.")
    }
}
