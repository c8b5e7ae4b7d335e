import Encoding

/// The parameters of a protocol request: each may occur once, and one without a value counts as
/// not sent (RFC 6749 §3.1, §3.2).
package struct Parameters: Equatable, Sendable {
    /// The parameters as sent, for the log.
    let fields: [Form.Field]
    /// The names that were sent more than once.
    let duplicates: Set<String>

    init(_ form: Form) {
        fields = form.fields
        var names: Set<String> = []
        duplicates = Set(form.fields.map(\.name).filter { !names.insert($0).inserted })
    }

    /// The value; `nil` when it is absent, empty or ambiguous.
    subscript(name: String) -> String? {
        guard !duplicates.contains(name), let field = fields.first(where: { $0.name == name })
        else { return nil }
        return field.value.isEmpty ? nil : field.value
    }
}
