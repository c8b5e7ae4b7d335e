import HTTPClient
import Logging
import Primitives
import Storage
import Vault

/// The parts of the process that the types for connections share.
package struct Dependencies: Sendable {
    package let database: Database
    package let vault: Vault
    package let transport: any HTTPTransport
    package let clock: Clock
    package let logger: Logger
    package let counters = EventCounters()

    package init(
        database: Database, vault: Vault, transport: any HTTPTransport, clock: Clock,
        logger: Logger
    ) {
        self.database = database
        self.vault = vault
        self.transport = transport
        self.clock = clock
        self.logger = logger
    }
}
