import Encoding

/// Layers of an integration's fields.
package enum FieldLayers {
    /// Returns the fields, and the defaults whose names are not among them; so a field that is
    /// `null` removes a default.
    package static func lay(
        _ members: [JSONValue.Member], over defaults: [JSONValue.Member]
    ) -> [JSONValue.Member] {
        let names = Set(members.map(\.name))
        return members + defaults.filter { !names.contains($0.name) }
    }
}
