import ArgumentParser
import Connections

/// `grantkeeper revocation list`.
struct RevocationList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the revocations that wait.",
        discussion: """
            One that is held back waits until its user's present connection ends: many providers \
            end that connection too when an older token of it is revoked. Each is tried until its \
            provider has accepted it, or until its tokens have expired (UNTIL).
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    func run() throws {
        try CommandFailure.explaining {
            let waiting = try configurationFile.makeKeeper().revocations.list()
            Output.table(
                [
                    [
                        "ID", "INTEGRATION", "USER", "SINCE", "ATTEMPTS", "NEXT ATTEMPT", "UNTIL",
                        "LAST ERROR",
                    ]
                ]
                    + waiting.map { revocation in
                        [
                            revocation.id, revocation.integration, user(revocation),
                            revocation.createdAt.rfc3339, "\(revocation.attempts)",
                            revocation.isHeldBack ? "held back" : revocation.nextAttemptAt.rfc3339,
                            revocation.expiresAt.rfc3339, revocation.lastError ?? "-",
                        ]
                    })
        }
    }

    private func user(_ revocation: WaitingRevocation) -> String {
        revocation.userID.map { $0.isEmpty ? "(shared)" : $0 } ?? "-"
    }
}
