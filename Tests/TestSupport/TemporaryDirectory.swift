import Foundation

/// A directory for one test, removed with this object.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        // scripts/test names a folder of its own, which it removes: a test that crashes can't.
        let parent =
            ProcessInfo.processInfo.environment["TEST_FOLDER"]
            ?? NSTemporaryDirectory()
        var template = Array("\(parent)/grantkeeper-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    package func write(_ text: String, to name: String, mode: Int) throws {
        try text.write(toFile: file(name), atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: file(name))
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }
}
