import ArgumentParser

/// `grantkeeper revocation retry`.
struct RevocationRetry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Has the service try revocations again at once.",
        discussion: "  grantkeeper revocation retry")

    @OptionGroup var configurationFile: ConfigurationOption

    @Argument(help: "The revocation's id, as 'revocation list' shows it; all when absent.")
    var id: String?

    func run() throws {
        try CommandFailure.explaining {
            let count = try configurationFile.makeKeeper().revocations.retry(id)
            guard count > 0 || id == nil else {
                throw CommandFailure(
                    "No revocation \(id ?? "") could be tried; 'revocation list' shows those that"
                        + " wait.")
            }
            Output.remark("\(count) revocations are tried by the service now.")
        }
    }
}
