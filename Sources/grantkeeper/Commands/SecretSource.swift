import FoundationEssentials
import Glibc

/// Where a command takes a secret from: never an argument, which every process of the machine can
/// read.
package enum SecretSource {
    case file(String)
    case standardInput

    /// The secret, without the line break behind it.
    ///
    /// - Throws: ``CommandFailure`` when there is none, or it can't be one.
    package func read() throws -> String {
        switch self {
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("The secret's file \(path) can't be read.")
            }
            return try Self.secret(String(validating: data, as: UTF8.self), from: path)
        case .standardInput:
            return try Self.secret(Self.firstLine(), from: "standard input")
        }
    }

    /// One line; at a terminal it is asked for, and not shown.
    private static func firstLine() -> String? {
        guard isatty(STDIN_FILENO) != 0 else { return readLine(strippingNewline: true) }
        return getpass("Client secret: ").map { String(cString: $0) }
    }

    private static func secret(_ text: String?, from source: String) throws -> String {
        let lines = text?.split(whereSeparator: \.isNewline) ?? []
        guard let secret = lines.first, lines.count == 1 else {
            throw CommandFailure("The secret has to be one line of text, which \(source) is not.")
        }
        return String(secret)
    }
}
