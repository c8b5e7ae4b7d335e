import Encoding

/// The parameters of a request, taken out one by one; those left at the end were not expected.
struct GivenParameters {
    private var fields: [Form.Field]

    init(_ fields: [Form.Field]) {
        self.fields = fields
    }

    func has(_ name: String) -> Bool {
        fields.contains { $0.name == name }
    }

    /// - Throws: ``Refusal/broken(rule:_:)`` when it is missing, empty or there twice.
    mutating func need(_ name: String, rule: String) throws(Refusal) -> String {
        let values = take(name)
        guard values.count == 1, !values[0].isEmpty else {
            throw .broken(rule: rule, "'\(name)' must be there once, not \(values.count) times")
        }
        return values[0]
    }

    /// - Throws: ``Refusal/broken(rule:_:)`` also when it has another value.
    mutating func need(_ name: String, is value: String, rule: String) throws(Refusal) {
        let given = try need(name, rule: rule)
        guard given == value else {
            throw .broken(rule: rule, "'\(name)' must be '\(value)', not '\(given)'")
        }
    }

    mutating func need(_ wanted: [Form.Field], rule: String) throws(Refusal) {
        for field in wanted { try need(field.name, is: field.value, rule: rule) }
    }

    /// All values of that name, in their order.
    mutating func take(_ name: String) -> [String] {
        let values = fields.filter { $0.name == name }.map(\.value)
        fields.removeAll { $0.name == name }
        return values
    }

    /// - Throws: ``Refusal/broken(rule:_:)`` that names an unexpected parameter.
    func finish(rule: String) throws(Refusal) {
        guard let field = fields.first else { return }
        throw .broken(rule: rule, "nothing says that '\(field.name)' is sent")
    }
}
