import Encoding
import FoundationEssentials
import Glibc
import Integrations

/// The source of a command's secret: never an argument, which every process of the machine can
/// read.
package enum SecretSource {
    case file(String)
    case standardInput

    /// Returns the secret, without the line end behind it.
    ///
    /// - Throws: ``CommandFailure`` when there is none, or it can't be one.
    package func read() throws -> String {
        switch self {
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("The secret's file \(path) can't be read.")
            }
            return try Self.secret(Array(data), from: "The file \(path)")
        case .standardInput:
            return try Self.secret(Self.input(), from: "Standard input")
        }
    }

    /// Reads standard input, as far as it could be a secret; asks at a terminal, without echo.
    private static func input() throws -> [UInt8] {
        guard isatty(STDIN_FILENO) == 0 else {
            return getpass("Client secret: ").map { text in
                UnsafeBufferPointer(start: text, count: strlen(text)).map(UInt8.init(bitPattern:))
            } ?? []
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < 2 * ClientSecrets.longest {
            let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
            guard count >= 0 else { throw CommandFailure("Standard input can't be read.") }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    /// Returns the bytes as a secret, without a byte order mark and a line end.
    ///
    /// - Parameter source: The source of the bytes, in words that begin a sentence.
    /// - Throws: ``CommandFailure``, which never quotes them.
    package static func secret(_ bytes: [UInt8], from source: String) throws -> String {
        guard bytes.count < 2 * ClientSecrets.longest else { throw tooLong(source) }
        guard var secret = String(validating: bytes, as: UTF8.self)?.withoutByteOrderMark else {
            throw CommandFailure(
                "\(source) is not UTF-8 text: the client secret has to be there as plain text.")
        }
        if secret.last?.isNewline == true { secret.removeLast() }
        guard !secret.isEmpty else {
            throw CommandFailure("\(source) is empty: the client secret has to be there.")
        }
        guard !secret.contains(where: \.isNewline) else {
            throw CommandFailure(
                "\(source) has more than one line: the client secret has to be there alone, on one."
            )
        }
        guard !secret.unicodeScalars.contains(where: \.isControl) else {
            throw CommandFailure(
                "\(source) has control characters, which no client secret has: copy it once more.")
        }
        guard secret.utf8.count <= ClientSecrets.longest else { throw tooLong(source) }
        return secret
    }

    private static func tooLong(_ source: String) -> CommandFailure {
        CommandFailure(
            "\(source) is longer than \(ClientSecrets.longest / 1_024) KiB: only the client secret "
                + "has to be there.")
    }
}
