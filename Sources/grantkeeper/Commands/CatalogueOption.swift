import ArgumentParser
import Catalogue
import Configuration
import Integrations

/// The catalogue as a command sees it: it can be looked at before anything is set up.
struct CatalogueOption: ParsableArguments {
    @OptionGroup var configurationFile: ConfigurationOption

    /// Returns the built-in catalogue, overridden by the folder that the configuration names, if
    /// any.
    ///
    /// - Throws: `ConfigurationError` when a configuration is there and wrong.
    func catalogue() throws -> ProviderCatalogue {
        guard configurationFile.exists else {
            return ProviderFiles().catalogue
        }
        return ProviderFiles(folder: try configurationFile.read().providers).catalogue
    }
}

extension ProviderCatalogue {
    /// - Throws: ``CommandFailure`` when there is none of that id.
    func known(_ id: String) throws -> Provider {
        guard let provider = try provider(id) else {
            let meant = try NearMiss.suggestion(for: id, among: ids()).map { " (\($0))" } ?? ""
            throw CommandFailure(
                "There is no provider '\(id)'\(meant); 'grantkeeper provider list' shows which"
                    + " there are.")
        }
        return provider
    }
}
