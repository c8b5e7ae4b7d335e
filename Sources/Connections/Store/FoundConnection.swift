import Integrations
import Synchronization

/// A connection and its integration, as one look at the database found them. A class: it is
/// remembered, and handed out with every request.
package final class FoundConnection: Sendable {
    package let connection: Connection
    package let integration: Integration
    private let answer = AtomicLazyReference<EncodedAnswer>()

    init(connection: Connection, integration: Integration) {
        self.connection = connection
        self.integration = integration
    }

    /// Returns the bytes that show the connection, which are made once: nothing in them changes
    /// with the time. A commit, which may change them, leads to another look.
    package func encoded(by encode: (Connection, Integration) -> [UInt8]) -> [UInt8] {
        if let known = answer.load() { return known.bytes }
        return answer.storeIfNil(EncodedAnswer(bytes: encode(connection, integration))).bytes
    }

    private final class EncodedAnswer: Sendable {
        let bytes: [UInt8]

        init(bytes: [UInt8]) {
            self.bytes = bytes
        }
    }
}
