/// The names that an object's members have so far, each of which may occur once.
///
/// RFC 8259 §8.3: names are compared by their code units. A `String` would take for equal what
/// Unicode calls equivalent.
struct MemberNames {
    /// The number from which on a set is faster than comparing with each.
    private static let many = 16

    private var few: [String] = []
    private var all: Set<[UInt8]> = []

    /// - Returns: Whether the name is new.
    mutating func insert(_ name: String) -> Bool {
        if few.count < Self.many {
            if few.contains(where: { Self.areSame($0, name) }) { return false }
            few.append(name)
            return true
        }
        if all.isEmpty { all = Set(few.map { Array($0.utf8) }) }
        return all.insert(Array(name.utf8)).inserted
    }

    /// Texts of the same bytes are equal, which is soon compared; the reverse need not be true.
    private static func areSame(_ name: String, _ other: String) -> Bool {
        name == other && name.utf8.elementsEqual(other.utf8)
    }
}
