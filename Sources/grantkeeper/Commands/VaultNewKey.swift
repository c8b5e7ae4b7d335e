import ArgumentParser
import Vault

/// `grantkeeper vault new-key`.
struct VaultNewKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-key",
        abstract: "Prints a line with a new key, for key rings that are kept elsewhere.",
        discussion: """
            For a key ring that reaches the service as a systemd credential. Add the line as the \
            last one to the file behind the credential, restart the service, then run \
            'grantkeeper vault rotate'.
            """)

    func run() throws {
        Output.result(KeyRingText.newLine().line)
    }
}
