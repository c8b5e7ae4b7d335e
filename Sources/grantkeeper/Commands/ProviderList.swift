import ArgumentParser
import Encoding
import Integrations

/// `grantkeeper provider list`.
struct ProviderList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the catalogue.",
        discussion: """
            The last column counts the fields that no one has seen in the provider's own \
            documentation yet; 'grantkeeper provider show' names them. Ends with 1 when an entry \
            of your own can't be read; the others are listed all the same.
            """)

    @OptionGroup var source: CatalogueOption

    @Flag(help: "Print JSON: an array of all entries.")
    var json = false

    func run() throws {
        try CommandFailure.explaining {
            let (providers, problems) = try source.catalogue().all()
            if json {
                Output.result(Output.text(.array(providers.map(\.json))))
            } else {
                Output.table(
                    [["TYPE", "NAME", "CATEGORY", "UNVERIFIED"]] + providers.map(Self.row))
            }
            for problem in problems { Output.remark(problem) }
            guard problems.isEmpty else {
                throw CommandFailure("Not listed, because of what is wrong: \(problems.count).")
            }
        }
    }

    private static func row(_ provider: Provider) -> [String] {
        [
            provider.id, provider.name, provider.category ?? "",
            provider.unverifiedFields.isEmpty ? "" : "\(provider.unverifiedFields.count)",
        ]
    }
}
