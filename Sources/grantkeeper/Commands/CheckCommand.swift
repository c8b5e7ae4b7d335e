import ArgumentParser
import Catalogue
import Configuration
import Keeper
import Logging

/// `grantkeeper check`: whether the service can run as it is set up.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Tries the configuration, the key ring, the database, the catalogue and the socket.",
        discussion: """
            Prints a line for each, and the redirect URI to register with providers. Ends with 1 \
            when the service could not start, or an entry of 'providers' can't be read. Works \
            beside a running service.

            With --deep it reads the whole database, and opens every stored secret.

              grantkeeper check --config /etc/grantkeeper/grantkeeper.yaml
            """)

    @OptionGroup var configurationFile: ConfigurationOption

    @Flag(help: "Read the whole database, and open every stored secret.")
    var deep = false

    func run() throws {
        try CommandFailure.explaining {
            let (configuration, path) = try configurationFile.readWithPath()
            Output.result("configuration  ok: \(path)")
            try checkData(configuration)
            try checkProviders(configuration)
            try SocketCheck(configuration.socket).run()
            for remark in remarks(configuration) { Output.result("note           \(remark)") }
            Output.result("redirect URI   \(configuration.redirectURI)")
            Output.result("               register exactly this with your providers")
        }
    }

    private func checkData(_ configuration: Configuration) throws {
        let logger = LogOutput.logger(configuration.log, atLeast: .warning)
        let factory = KeeperFactory(configuration: configuration, logger: logger)
        _ = try factory.keyRing()
        Output.result("key ring       ok: \(configuration.keyRing.path)")
        let keeper = try factory.makeKeeper()
        try keeper.readiness.check()
        Output.result("database       ok: \(configuration.database), opened with that key ring")
        try checkUserIDs(keeper)
        try checkClients(keeper)
        if deep { try checkDeeply(keeper) }
    }

    /// Ids of users from before they were refused.
    private func checkUserIDs(_ keeper: Keeper) throws {
        let refused = try keeper.refusedUserIDs.all()
        for id in refused {
            Output.result(
                "note           the user id \(ShellText.quoted(id)) lets no one in any more")
        }
        if !refused.isEmpty {
            Output.result(
                "               'connection remove --shared --sign-out --user' ends what it has")
        }
    }

    /// Prints the integrations whose client the provider refuses.
    private func checkClients(_ keeper: Keeper) throws {
        for refusal in try keeper.clientRefusals.inForce() {
            let definition = try keeper.integrations.find(refusal.slug, for: .system).definition
            Output.result(
                "note           the provider refuses the client of \(refusal.slug) since"
                    + " \(refusal.since.rfc3339) (\(refusal.code)): only calls refresh tokens")
            Output.result("               \(refusal.advice(definition))")
        }
    }

    /// Checks the operator's own entries, where there is a folder of them.
    private func checkProviders(_ configuration: Configuration) throws {
        guard let folder = configuration.providers else { return }
        let (entries, problems) = try ProviderFiles(folder: folder).problemsInFolder()
        for problem in problems { Output.result("problem        \(problem)") }
        guard problems.isEmpty else {
            throw CommandFailure("Invalid entries in \(folder): \(problems.count).")
        }
        Output.result("providers      ok: \(folder), entries: \(entries)")
    }

    private func checkDeeply(_ keeper: Keeper) throws {
        let problems = try keeper.deepCheck.problems()
        for problem in problems { Output.result("problem        \(problem)") }
        guard problems.isEmpty else {
            throw CommandFailure("Problems in the database: \(problems.count).")
        }
        Output.result("contents       ok: the file is whole, and every stored secret opens")
    }

    /// Returns remarks on settings that work but deserve attention.
    private func remarks(_ configuration: Configuration) -> [String] {
        var remarks: [String] = []
        if !configuration.publicBaseURL.isSecure {
            remarks.append(
                configuration.publicBaseURL.isLoopback
                    ? "publicBaseUrl is plain http: for local trials only"
                    : "publicBaseUrl is plain http: cookies and codes travel readable; use https")
        }
        if configuration.upstream.allowHTTP {
            remarks.append("upstream.allowHttp: tokens may travel readable; for trials only")
        }
        if configuration.trustedUser {
            remarks.append(
                "trustedUser: your nginx has to set GRANTKEEPER_USER itself, in every location")
        }
        if !configuration.allowedOrigins.isEmpty {
            remarks += configuration.originsOfOtherSites(.system())
                .map(configuration.remark(onOtherSite:))
        }
        remarks.append(
            "what nginx refuses by itself (400, 414) is in the host's own access log, with its query:"
                + " write that log in the format grantkeeper_host")
        let most = DescriptorLimit.raised().mostWorkers
        if most < configuration.workers.max {
            remarks.append(
                "workers.max (\(configuration.workers.max)) is more than the file descriptors of"
                    + " this shell allow; \(most) would run")
        }
        return remarks
    }
}
