import HTTPTypes

extension HTTPField.Name {
    /// Returns a name that is written in the source, and so must be valid.
    package static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a field name") }
        return name
    }
}
