/// The values that a path gave to the `{names}` of its route.
package struct PathParameters {
    private var values: [(name: String, value: String)] = []

    package init(capacity: Int = 0) {
        values.reserveCapacity(capacity)
    }

    /// The value of a name that the route's pattern has; empty for any other.
    package subscript(name: String) -> String {
        get { values.first { $0.name == name }?.value ?? "" }
        set { values.append((name, newValue)) }
    }
}
