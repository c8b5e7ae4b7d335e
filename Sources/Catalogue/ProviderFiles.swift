import Connections
import Encoding
import FoundationEssentials
import YAML

/// The catalogue as YAML files: those that come with the program, and over them those of a folder
/// of the operator's. A file's name is the provider's id.
package struct ProviderFiles: Sendable {
    private let folder: String?

    /// - Parameter folder: Of the operator's own files; an entry there stands in place of ours of
    ///   the same name.
    package init(folder: String? = nil) {
        self.folder = folder
    }

    /// The catalogue; its files are read when they are asked for.
    package var catalogue: ProviderCatalogue {
        ProviderCatalogue(ids: ids, provider: provider)
    }

    private func ids() throws -> [String] {
        try Set(EmbeddedProviders.files.keys).union(idsInFolder()).sorted()
    }

    private func idsInFolder() throws -> [String] {
        guard let folder else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix(Self.suffix) && !$0.hasPrefix(".") }
                .map { String($0.dropLast(Self.suffix.count)) }
        } catch {
            throw ConnectionsError.invalid(
                code: "invalid_provider",
                detail: "The folder \(folder) of the setting 'providers' can't be read.")
        }
    }

    private func provider(_ id: String) throws -> Provider? {
        // Else an id could lead out of the folder.
        guard IntegrationDefinition.isSlug(id) else { return nil }
        if let folder,
            let data = FileManager.default.contents(atPath: "\(folder)/\(id)\(Self.suffix)")
        {
            return try read(id, Array(data))
        }
        return try EmbeddedProviders.files[id].map { try read(id, $0) }
    }

    private func read(_ id: String, _ bytes: [UInt8]) throws -> Provider {
        let node: YAMLNode
        do throws(YAMLError) {
            node = try YAMLNode(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw ConnectionsError.invalid(
                code: "invalid_provider", detail: "\(id): line \(error.line): \(error.reason).")
        }
        return try Provider(id: id, json: JSONValue(node))
    }

    private static let suffix = ".yaml"
}
