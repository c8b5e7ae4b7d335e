import Encoding
import Web

extension Form {
    /// Reads a parameter that is a switch, which is off when it is not there.
    ///
    /// - Throws: 400 for anything but the two words, and for a second one of that name.
    func flag(_ name: String, on: String = "true", off: String = "false") throws -> Bool {
        let values = all(name)
        guard values.count < 2, values.allSatisfy({ $0 == on || $0 == off }) else {
            throw Problem(
                .badRequest, .invalidQuery,
                "'\(name)' must be '\(on)' or '\(off)', and stand there once.")
        }
        return values.first == on
    }
}
