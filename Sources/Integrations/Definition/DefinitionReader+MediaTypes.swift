extension DefinitionReader {
    /// The most types that one integration names.
    private static let mostTypes = 20

    /// A list of types of content, without parameters.
    mutating func mediaTypes(_ name: String) -> [String]? {
        guard let types = texts(name)?.map({ $0.lowercased() }) else { return nil }
        require(
            types.allSatisfy { MediaType.essence(of: $0[...]) == $0 },
            "'\(name)' must be a list of types such as application/x-ndjson, without parameters")
        require(
            types.count <= Self.mostTypes, "'\(name)' must not have more than \(Self.mostTypes)")
        return types
    }
}
