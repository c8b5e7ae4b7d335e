import Encoding

/// The parameters of a request, taken out one by one; a parameter left at the end is refused.
struct GivenParameters {
    private var fields: [Form.Field]

    init(_ fields: [Form.Field]) {
        self.fields = fields
    }

    func has(_ name: String) -> Bool {
        fields.contains { $0.name == name }
    }

    /// - Throws: ``Refusal/broken(rule:_:)`` when the parameter is missing, empty or repeated.
    mutating func need(_ name: String, rule: String) throws(Refusal) -> String {
        let values = take(name)
        guard values.count == 1, !values[0].isEmpty else {
            throw .broken(rule: rule, "'\(name)' must be there once, not \(values.count) times")
        }
        return values[0]
    }

    /// - Throws: ``Refusal/broken(rule:_:)`` also when the parameter has another value.
    mutating func need(_ name: String, is value: String, rule: String) throws(Refusal) {
        let given = try need(name, rule: rule)
        guard given == value else {
            throw .broken(rule: rule, "'\(name)' must be '\(value)', not '\(given)'")
        }
    }

    mutating func need(_ wanted: [Form.Field], rule: String) throws(Refusal) {
        for field in wanted { try need(field.name, is: field.value, rule: rule) }
    }

    /// Takes out all values of a name, in order.
    mutating func take(_ name: String) -> [String] {
        let values = fields.filter { $0.name == name }.map(\.value)
        fields.removeAll { $0.name == name }
        return values
    }

    /// - Throws: ``Refusal/broken(rule:_:)`` that names a parameter that the entry does not have.
    func finish(rule: String) throws(Refusal) {
        guard let field = fields.first else { return }
        throw .broken(rule: rule, "nothing says that '\(field.name)' is sent")
    }
}
