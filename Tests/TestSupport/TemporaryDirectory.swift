import Foundation

/// A directory of its own for a test, gone with it.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        var template = Array("\(NSTemporaryDirectory())/grantkeeper-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }
}
