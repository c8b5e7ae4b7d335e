import Storage

/// A right that one process has at a time, written down where the other processes see it.
///
/// It ends when the process gives it back, when the process ends, or at its deadline. The deadline
/// is on the clock that cannot be set. It is a fence around expensive work, not a proof: a process
/// that was stopped may go on past it, so that what it then wants to store has to be compared with
/// what is there.
package struct Lease {
    let name: String
    /// The generation of the token that it is about: a lease about an older one binds no process.
    let generation: Int64
    /// The id of the process that has it; the column is called `holder`.
    let process: String
    /// Milliseconds of ``Clock/uptime``.
    let deadline: Int64

    package init(name: String, generation: Int64, process: String, deadline: Int64) {
        self.name = name
        self.generation = generation
        self.process = process
        self.deadline = deadline
    }

    package static func find(_ name: String, _ reader: Reader) throws -> Lease? {
        try reader.first(
            "SELECT name, generation, holder, deadline FROM lease WHERE name = :name",
            ["name": .text(name)]
        ) { row in
            Lease(
                name: row.text(0), generation: row.integer(1), process: row.text(2),
                deadline: row.integer(3))
        }
    }

    /// Whether it keeps this process from taking the same right.
    package func binds(_ registry: ProcessRegistry, uptime: Int64) -> Bool {
        process != registry.id && deadline > uptime && registry.isAlive(process)
    }

    /// Writes it down in place of the one that is there.
    package func take(_ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO lease (name, generation, holder, deadline)
            VALUES (:name, :generation, :process, :deadline)
            ON CONFLICT (name) DO UPDATE
            SET generation = excluded.generation, holder = excluded.holder,
                deadline = excluded.deadline
            """,
            [
                "name": .text(name), "generation": .integer(generation), "process": .text(process),
                "deadline": .integer(deadline),
            ])
    }

    /// Gives it back, if that process still has it.
    static func end(_ name: String, process: String, _ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM lease WHERE name = :name AND holder = :process",
            ["name": .text(name), "process": .text(process)])
    }
}
