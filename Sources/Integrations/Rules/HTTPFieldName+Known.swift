import HTTPTypes

extension HTTPField.Name {
    /// A name that is written in the source, and so is a valid one.
    package static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a field name") }
        return name
    }
}
