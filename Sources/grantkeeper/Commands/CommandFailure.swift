import Connections
import Primitives
import Problems
import Vault

/// The reason for which a command failed: one sentence, on standard error, with the exit code 1.
package struct CommandFailure: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Describes an error of the layers below in a sentence without secrets.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        default: self.init(Self.sentence(error))
        }
    }

    /// Runs a command's work; its errors become a ``CommandFailure``.
    static func explaining<T>(_ body: () throws -> T) throws(CommandFailure) -> T {
        do {
            return try body()
        } catch {
            throw CommandFailure(error)
        }
    }

    static func sentence(_ error: any Error) -> String {
        switch error {
        case ConnectionsError.integrationNotFound:
            "There is no such integration; 'grantkeeper integration list' shows them."
        case InputError.conflict(code: .originChangeUnconfirmed, _):
            "An endpoint moves to another origin, so that the connections have to be authorized"
                + " again; --confirm says that this is meant."
        case InputError.conflict(code: .clientSecretRequired, let detail):
            "\(detail) --secret-file or --secret-stdin does."
        case InputError.invalid(_, let detail): detail
        case InputError.conflict(_, let detail): detail
        case ConnectionsError.metadataUnavailable(let issuer, let error):
            "The metadata of the issuer '\(issuer)' could not be read: \(error)."
        case VaultError.sealBroken(let place):
            "The key ring is not the one that the database was sealed with (\(place))."
        default: "\(error)"
        }
    }
}
