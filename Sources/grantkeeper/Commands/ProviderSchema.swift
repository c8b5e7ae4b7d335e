import ArgumentParser
import Catalogue

/// `grantkeeper provider schema`.
struct ProviderSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of an entry of the catalogue.",
        discussion: """
            For editors, and whatever else checks files. What no schema can say (that each field's \
            source is told, that placeholders stand for something) 'grantkeeper check' says.

              grantkeeper provider schema >entry.schema.json
            """)

    func run() throws {
        try CommandFailure.explaining {
            Output.result(Output.text(try EntrySchema.read()))
        }
    }
}
