import Storage

/// A right that one process has at a time, written down where the other processes see it.
///
/// It ends when its holder gives it back, when its holder's process ends, or at its deadline. The
/// deadline is on the clock that cannot be set. It is a fence around expensive work, not a proof: a
/// holder that was stopped may go on past it, so that what it then wants to store has to be
/// compared with what is there.
package struct Lease {
    let name: String
    /// The generation of the token that it is about: a lease about an older one binds no process.
    let generation: Int64
    let holder: String
    /// Milliseconds of ``Clock/uptime``.
    let deadline: Int64

    package init(name: String, generation: Int64, holder: String, deadline: Int64) {
        self.name = name
        self.generation = generation
        self.holder = holder
        self.deadline = deadline
    }

    package static func find(_ name: String, _ reader: Reader) throws -> Lease? {
        try reader.first(
            "SELECT name, generation, holder, deadline FROM lease WHERE name = :name",
            ["name": .text(name)]
        ) { row in
            Lease(
                name: row.text(0), generation: row.integer(1), holder: row.text(2),
                deadline: row.integer(3))
        }
    }

    /// Whether it keeps this process from taking the same right.
    package func binds(_ registry: ProcessRegistry, uptime: Int64) -> Bool {
        holder != registry.id && deadline > uptime && registry.isAlive(holder)
    }

    /// Writes it down in place of the one that is there.
    package func take(_ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO lease (name, generation, holder, deadline)
            VALUES (:name, :generation, :holder, :deadline)
            ON CONFLICT (name) DO UPDATE
            SET generation = excluded.generation, holder = excluded.holder,
                deadline = excluded.deadline
            """,
            [
                "name": .text(name), "generation": .integer(generation), "holder": .text(holder),
                "deadline": .integer(deadline),
            ])
    }

    /// Gives it back, if it is still the holder's.
    static func end(_ name: String, holder: String, _ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM lease WHERE name = :name AND holder = :holder",
            ["name": .text(name), "holder": .text(holder)])
    }
}
