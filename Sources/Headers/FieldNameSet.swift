import Encoding

/// A set of header field names, and of beginnings and endings of names, in lower case.
///
/// Names are looked up by their first and last letters and not by a hash: each field of each answer
/// is looked up, and nearly none is in the set.
package struct FieldNameSet: Sendable {
    private enum Entry {
        case name([UInt8])
        case beginning([UInt8])
        case ending([UInt8])

        func matches(_ name: UnsafeRawBufferPointer) -> Bool {
            switch self {
            case .name(let text): name.count == text.count && Self.equal(text, name, at: 0)
            case .beginning(let text): name.count >= text.count && Self.equal(text, name, at: 0)
            case .ending(let text):
                name.count >= text.count && Self.equal(text, name, at: name.count - text.count)
            }
        }

        private static func equal(
            _ text: [UInt8], _ name: UnsafeRawBufferPointer, at start: Int
        ) -> Bool {
            var index = start
            for byte in text {
                if name[index].asciiLowercased != byte { return false }
                index += 1
            }
            return true
        }
    }

    private var byFirst = [[Entry]](repeating: [], count: 256)
    private var byLast = [[Entry]](repeating: [], count: 256)

    package init(names: Set<String>, beginnings: [String] = [], endings: [String] = []) {
        for text in names { byFirst[Int(text.utf8.first ?? 0)].append(.name(Array(text.utf8))) }
        for text in beginnings {
            byFirst[Int(text.utf8.first ?? 0)].append(.beginning(Array(text.utf8)))
        }
        for text in endings { byLast[Int(text.utf8.last ?? 0)].append(.ending(Array(text.utf8))) }
    }

    package func contains(_ field: HeaderField) -> Bool {
        field.withUnsafeBytesOfName { contains($0) }
    }

    /// - Parameter name: A name in any letters.
    package func contains(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { contains(UnsafeRawBufferPointer($0)) }
    }

    private func contains(_ name: UnsafeRawBufferPointer) -> Bool {
        guard let first = name.first, let last = name.last else { return false }
        for entry in byFirst[Int(first.asciiLowercased)] where entry.matches(name) { return true }
        for entry in byLast[Int(last.asciiLowercased)] where entry.matches(name) { return true }
        return false
    }
}
