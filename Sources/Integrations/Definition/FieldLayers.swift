import Encoding

/// Lays fields of an integration over others.
package enum FieldLayers {
    /// The fields, and those of the defaults whose names are not among them; so `null` takes one of
    /// the defaults away.
    package static func lay(
        _ members: [JSONValue.Member], over defaults: [JSONValue.Member]
    ) -> [JSONValue.Member] {
        let names = Set(members.map(\.name))
        return members + defaults.filter { !names.contains($0.name) }
    }
}
