import Encoding
import FoundationEssentials

/// A file with a client's private key.
struct KeyFile {
    let text: String

    /// - Throws: ``CommandFailure`` when it can't be read.
    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path),
            let text = String(validating: data, as: UTF8.self)
        else { throw CommandFailure("The key's file \(path) can't be read.") }
        self.text = text
    }
}

extension IntegrationFields {
    /// Adds the fields of a key file.
    mutating func add(_ file: KeyFile) throws {
        set("privateKey", .string(file.text))
    }
}
