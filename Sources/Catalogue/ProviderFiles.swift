import Encoding
import FoundationEssentials
import Integrations
import Primitives
import YAML

/// The catalogue as YAML files: those that come with the program, and over them those of a folder
/// of the operator's. A file's name is the provider's id.
package struct ProviderFiles: Sendable {
    private let folder: String?

    /// - Parameter folder: The folder of the operator's own files; an entry there replaces ours of
    ///   the same name.
    package init(folder: String? = nil) {
        self.folder = folder
    }

    /// The catalogue; its files are read when they are asked for.
    package var catalogue: ProviderCatalogue {
        ProviderCatalogue(ids: ids, provider: provider)
    }

    /// Returns the problems of the operator's folder, by file.
    ///
    /// - Returns: The number of entries, and the problems: sentences.
    /// - Throws: ``InputError/invalid(code:detail:)`` when the folder cannot be read.
    package func problemsInFolder() throws -> (entries: Int, problems: [String]) {
        let ids = try idsInFolder().sorted()
        let problems = try ids.compactMap { id in
            try ProviderCatalogue.problem { try provider(id) }
        }
        return (ids.count, problems + (try strayFiles()))
    }

    private func ids() throws -> [String] {
        try Set(EmbeddedProviders.files.keys).union(idsInFolder()).sorted()
    }

    private func idsInFolder() throws -> [String] {
        try namesInFolder().filter { $0.hasSuffix(Self.suffix) }
            .map { String($0.dropLast(Self.suffix.count)) }
    }

    /// Returns a problem for each file that was meant as an entry and is none.
    private func strayFiles() throws -> [String] {
        try namesInFolder().filter { $0.hasSuffix(".yml") }.sorted()
            .map { "\($0): an entry's file ends in \(Self.suffix)." }
    }

    private func namesInFolder() throws -> [String] {
        guard let folder else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { !$0.hasPrefix(".") }
        } catch {
            throw Self.invalid("The folder \(folder) of the setting 'providers' can't be read.")
        }
    }

    /// Returns the entry of that name. A file of the folder replaces ours even when it is invalid,
    /// so that no one gets other endpoints than the operator's.
    private func provider(_ id: String) throws -> Provider? {
        // By the folder's own list, so that no id leads out of it.
        guard let folder, try idsInFolder().contains(id) else {
            return try EmbeddedProviders.files[id].map { try read(id, $0) }
        }
        let path = "\(folder)/\(id)\(Self.suffix)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Self.invalid("\(path) can't be read.")
        }
        return try read(id, Array(data))
    }

    private func read(_ id: String, _ bytes: [UInt8]) throws -> Provider {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.invalid("\(id): the file is not UTF-8 text.")
        }
        let node: YAMLNode
        do throws(YAMLError) {
            node = try YAMLNode(parsing: text)
        } catch {
            throw Self.invalid("\(id): line \(error.line): \(error.reason).")
        }
        return try Provider(id: id, json: JSONValue(node))
    }

    private static func invalid(_ detail: String) -> InputError {
        .invalid(code: .invalidProvider, detail: detail)
    }

    private static let suffix = ".yaml"
}
