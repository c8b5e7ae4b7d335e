import ArgumentParser

/// `grantkeeper vault`: the keys that stored secrets are sealed with.
struct VaultCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault",
        abstract: "Shows, rotates and retires the keys that stored secrets are sealed with.",
        discussion: """
            Works while the service runs. To rotate:

              grantkeeper vault rotate        # a new key; everything is sealed again with it
              grantkeeper vault status        # which key may go
              grantkeeper vault retire KEY    # takes it out of the key ring

            Keep a copy of the new key ring apart from the database. A backup needs the keys that \
            were in use when it was made.
            """,
        subcommands: [
            VaultStatusCommand.self, VaultRotate.self, VaultRetire.self, VaultNewKey.self,
        ]
    )
}
