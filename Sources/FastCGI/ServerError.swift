import Glibc

/// The reason for which a ``Server`` could not be set up.
package struct ServerError: Error, CustomStringConvertible {
    /// One sentence for the operator: the failed operation, its object, and the reason.
    package let description: String
    /// The system's error number, when the system refused.
    package let errorNumber: Int32?

    init(_ description: String) {
        self.description = description
        errorNumber = nil
    }

    /// Returns a system error, with the system's explanation after the sentence.
    static func system(_ what: String, _ number: Int32 = errno) -> ServerError {
        ServerError("\(what): \(String(cString: strerror(number)))", number)
    }

    private init(_ description: String, _ errorNumber: Int32) {
        self.description = description
        self.errorNumber = errorNumber
    }
}
