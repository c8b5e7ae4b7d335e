import ArgumentParser

/// `grantkeeper provider show`.
struct ProviderShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows an entry of the catalogue, with where each field is known from.",
        discussion: """
            Every field can be given another value when the integration is added.

              grantkeeper provider show slack
            """)

    @OptionGroup var source: CatalogueOption

    @Argument(help: ArgumentHelp("As 'grantkeeper provider list' has it.", valueName: "type"))
    var type: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try CommandFailure.explaining {
            let provider = try source.catalogue().known(type)
            Output.result(json ? Output.text(provider.json) : try ProviderText(provider).text)
        }
    }
}
