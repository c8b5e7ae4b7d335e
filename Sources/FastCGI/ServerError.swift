import Glibc

/// The reason for which a ``Server`` could not be set up.
package struct ServerError: Error, CustomStringConvertible {
    /// One sentence for the operator: what failed, on what, and why.
    package let description: String
    /// The system's error number, when the system refused.
    package let errorNumber: Int32?

    init(_ description: String) {
        self.description = description
        errorNumber = nil
    }

    /// An error of the system's, with its own explanation behind the sentence.
    static func system(_ what: String, _ number: Int32 = errno) -> ServerError {
        ServerError("\(what): \(String(cString: strerror(number)))", number)
    }

    private init(_ description: String, _ errorNumber: Int32) {
        self.description = description
        self.errorNumber = errorNumber
    }
}
