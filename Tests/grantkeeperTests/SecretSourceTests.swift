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

    private func complaint(_ bytes: [UInt8]) -> String {
        let error = #expect(throws: CommandFailure.self) {
            try SecretSource.secret(bytes, from: "Standard input")
        }
        return error?.description ?? ""
    }

    @Test func `a byte order mark is no part of a secret`() throws {
        #expect(try read("\u{FEFF}s3cret\r\n") == "s3cret")
    }

    @Test func `a secret may be a long token`() throws {
        let token = String(repeating: "k", count: 16_384)
        #expect(try read(token + "\n") == token)
    }

    @Test(arguments: [
        ("s3cret\nother", "has more than one line"), ("s3\0cret", "has control characters"),
        ("s3\u{1B}cret", "has control characters"), ("\n", "is empty"),
        (String(repeating: "s3cret", count: 3_000), "is longer than 16 KiB"),
        (String(repeating: "s3cret", count: 30_000), "is longer than 16 KiB"),
    ])
    func `what is no secret is refused from anywhere, and not shown`(text: String, why: String) {
        let sentence = complaint(Array(text.utf8))
        #expect(sentence.hasPrefix("Standard input \(why)"))
        #expect(!sentence.contains("s3"))
        #expect(throws: CommandFailure.self) { try read(text) }
    }

    @Test func `bytes that are no text are refused`() {
        #expect(complaint([0x73, 0xFF, 0x33]).hasPrefix("Standard input is not UTF-8 text"))
    }
}
