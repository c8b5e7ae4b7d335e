import Storage

/// A column that contains sealed values, and the row and owner to which each of them is bound.
package struct SealedColumn: Sendable {
    let table: String
    let column: String
    /// The column that names a row.
    package let key: String
    /// The column of the owner, where values are bound to one.
    package let owner: String?
    /// The other assignments that are made with a new value.
    package let alsoSet: String
    /// Makes the place from the key and the owner.
    let place: @Sendable (Row) -> SealedPlace

    /// - Parameters:
    ///   - key: The column that names a row.
    ///   - owner: The column of the owner, where values are bound to one.
    ///   - alsoSet: SQL that is appended to the assignment of a new value.
    ///   - place: Makes the place from the key and the owner, the row's first two columns.
    package init(
        table: String, column: String, key: String = "id", owner: String? = nil,
        alsoSet: String = "", place: @escaping @Sendable (Row) -> SealedPlace
    ) {
        self.table = table
        self.column = column
        self.key = key
        self.owner = owner
        self.alsoSet = alsoSet
        self.place = place
    }

}

/// A sealed value as it was read.
package struct SealedValue: Sendable {
    let row: SQLValue
    package let place: SealedPlace
    package let bytes: [UInt8]
}

extension SealedColumn {
    /// Rows read, or written, at a time: a long transaction would keep other writers waiting.
    static let batch = 100

    /// Goes through all values, or those that are not sealed with that key, a batch at a time.
    ///
    /// No read is open while the closure runs, so that it may write.
    package func forEachBatch(
        except keyID: String? = nil, in database: Database, _ body: ([SealedValue]) throws -> Void
    ) throws {
        var last: SQLValue = ""
        while true {
            let values = try database.read { try batch(after: last, except: keyID, $0) }
            guard let end = values.last else { return }
            try body(values)
            last = end.row
        }
    }

    /// The values that name that key as theirs.
    func sealed(with keyID: String, _ reader: Reader) throws -> [SealedValue] {
        let beginning = Vault.beginning(sealedWith: keyID)
        return try reader.all(
            """
            SELECT \(key), \(owner ?? "''"), \(column) FROM \(table)
            WHERE substr(\(column), 1, :length) = :beginning
            """,
            ["beginning": .blob(beginning), "length": .integer(Int64(beginning.count))]
        ) { SealedValue(row: rowKey($0), place: place($0), bytes: $0.blob(2)) }
    }

    /// An erased value is empty, and not sealed.
    private func batch(
        after row: SQLValue, except keyID: String?, _ reader: Reader
    ) throws -> [SealedValue] {
        let beginning = keyID.map(Vault.beginning(sealedWith:)) ?? []
        return try reader.all(
            """
            SELECT \(key), \(owner ?? "''"), \(column) FROM \(table)
            WHERE \(key) > :row AND length(\(column)) > 0
                AND (:length = 0 OR substr(\(column), 1, :length) <> :beginning)
            ORDER BY \(key) LIMIT \(Self.batch)
            """,
            [
                "row": row, "beginning": .blob(beginning),
                "length": .integer(Int64(beginning.count)),
            ]
        ) { SealedValue(row: rowKey($0), place: place($0), bytes: $0.blob(2)) }
    }

    private func rowKey(_ row: Row) -> SQLValue {
        key == "id" ? .text(row.text(0)) : .blob(row.blob(0))
    }

    /// Replaces a value, if the old one is still there: a value that was stored meanwhile stays.
    ///
    /// - Returns: Whether the value was replaced.
    func replace(
        _ old: SealedValue, with new: [UInt8], _ transaction: Transaction
    ) throws -> Bool {
        try transaction.execute(
            """
            UPDATE \(table) SET \(column) = :new\(alsoSet)
            WHERE \(key) = :row AND \(column) = :old
            """, ["new": .blob(new), "row": old.row, "old": .blob(old.bytes)]) > 0
    }
}
