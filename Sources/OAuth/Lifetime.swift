import Encoding

/// A token's lifetime as providers write it.
enum Lifetime {
    /// A hundred years, in seconds: a longer lifetime means the same, and could overflow a date.
    static let longest = 3_155_760_000

    /// Reads whole seconds from a number or a numeric text, `longest` at most; `nil` when there is
    /// none or it is not a lifetime. Zero and less are ignored: they would cause a refresh for each
    /// request, and some providers mean "never" by them.
    static func seconds(_ value: JSONValue?) -> Int? {
        let text: String
        switch value {
        case .number(let number): text = number
        case .string(let string): text = string
        default: return nil
        }
        guard text.utf8.count <= 40, text.utf8.allSatisfy("0123456789.eE+-".utf8.contains),
            let number = Double(text), number >= 1
        else { return nil }
        return number >= Double(longest) ? longest : Int(number)
    }
}
