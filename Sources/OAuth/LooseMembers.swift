import Encoding

/// The members of an object that is being read. Of two members with one name the last counts, as
/// for most readers.
struct LooseMembers {
    let decisive: Set<[UInt8]>
    private var members: [(String, JSONValue)] = []
    private var places: [[UInt8]: Int] = [:]
    private var isContradictory = false

    init(decisive: Set<[UInt8]>) {
        self.decisive = decisive
    }

    var object: JSONValue { .object(isContradictory ? [] : members) }

    mutating func set(_ name: String, _ value: JSONValue) {
        let key = Array(name.utf8)
        guard let place = places[key] else {
            places[key] = members.count
            members.append((name, value))
            return
        }
        if decisive.contains(key), members[place].1 != value { isContradictory = true }
        members[place].1 = value
    }
}
