import Encoding
import Glibc

/// The texts that the process was started with, before they become strings: that would repair
/// malformed UTF-8, and turn a user's name into another's.
package enum StartingTexts {
    /// Looks at the arguments, and at those variables of the environment that are ours.
    ///
    /// - Throws: ``CommandFailure`` with the first that is not UTF-8.
    static func check() throws(CommandFailure) {
        try check(
            arguments: bytes(CommandLine.unsafeArgv), environment: bytes(environ))
    }

    package static func check(
        arguments: [[UInt8]], environment: [[UInt8]]
    ) throws(CommandFailure) {
        for (number, argument) in arguments.enumerated() where !isText(argument) {
            throw CommandFailure(
                "Argument \(number) is not UTF-8: write it in a terminal whose locale is UTF-8.")
        }
        for variable in environment where variable.starts(with: prefix) && !isText(variable) {
            let name = variable.prefix { $0 != UInt8(ascii: "=") }.filter(\.isASCIIVisible)
            throw CommandFailure(
                "The environment variable \(name.map { String(Unicode.Scalar($0)) }.joined()) is not"
                    + " UTF-8: set it to text in UTF-8.")
        }
    }

    private static let prefix = Array("GRANTKEEPER_".utf8)

    private static func isText(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    /// Returns the texts of a list that ends with NULL.
    private static func bytes(
        _ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    ) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        var next = list
        while let text = next.pointee {
            texts.append(
                UnsafeBufferPointer(start: text, count: strlen(text)).map(UInt8.init(bitPattern:)))
            next = next.successor()
        }
        return texts
    }
}
