extension DefinitionReader {
    /// The most types that an integration may name.
    static let mostMediaTypes = 20

    /// Reads a list of media types, without parameters.
    mutating func mediaTypes(_ name: String) -> [String]? {
        guard let types = texts(name)?.map({ $0.lowercased() }) else { return nil }
        require(
            types.allSatisfy { MediaType.essence(of: $0[...]) == $0 },
            "'\(name)' must be a list of types such as application/x-ndjson, without parameters")
        require(
            types.count <= Self.mostMediaTypes,
            "'\(name)' must not have more than \(Self.mostMediaTypes)")
        return types
    }
}
