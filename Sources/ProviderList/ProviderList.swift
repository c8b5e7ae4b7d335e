import Foundation
import PackagePlugin

/// Lists the catalogue's entries for the program: each `.yaml` file of the target by its name, with
/// the constant that SwiftPM makes of it (`.embedInCode`).
@main struct ProviderList: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) -> [Command] {
        guard let module = target.sourceModule else { return [] }
        let names = module.sourceFiles(withSuffix: ".yaml")
            .map { $0.url.deletingPathExtension().lastPathComponent }.sorted()
        let list = context.pluginWorkDirectoryURL.appending(path: "EmbeddedProviders.swift")
        return [
            // The text is one of the command's arguments: it runs again when a file comes or goes.
            .buildCommand(
                displayName: "Listing the catalogue's entries",
                executable: URL(filePath: "/bin/sh"),
                arguments: [
                    "-c", #"printf '%s' "$1" >"$2""#, "sh", Self.source(names), list.path(),
                ],
                outputFiles: [list])
        ]
    }

    private static func source(_ names: [String]) -> String {
        let lines = names.map { #"        "\#($0)": PackageResources.\#(constant(of: $0)),"# }
        return """
            /// The entries that come with the program: the files in `Providers`, by their names.
            enum EmbeddedProviders {
                static let files: [String: [UInt8]] = [
            \(lines.joined(separator: "\n"))
                ]
            }

            """
    }

    /// A file's name as SwiftPM writes it in Swift: what no identifier may have there becomes `_`.
    private static func constant(of name: String) -> String {
        let letters = name.enumerated().map { index, letter in
            let fits = letter.isASCII && (letter.isLetter || letter.isNumber && index > 0)
            return fits ? letter : "_"
        }
        return String(letters) + "_yaml"
    }
}
