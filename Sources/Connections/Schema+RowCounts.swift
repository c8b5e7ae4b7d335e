/// The step of the schema that counts rows with each change, for ``RowCounts``. As any step, it is
/// never edited: another way to count is another step.
extension Schema {
    /// Triggers, so that the counts belong to the change's transaction, whichever process, or
    /// operator's tool, makes it.
    static let countingRows =
        """
        CREATE TABLE rowCount (
            kind TEXT NOT NULL PRIMARY KEY,
            count INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO rowCount (kind, count) VALUES
            ('activeConnection', 0), ('connectionInTrouble', 0), ('refreshFailingConnection', 0),
            ('reauthorizationRequiredConnection', 0), ('waitingRevocation', 0),
            ('heldBackRevocation', 0);
        UPDATE rowCount SET count = (
            SELECT count(*) FROM (
                SELECT \(kindOfConnection("connection")) AS kind FROM connection
                UNION ALL SELECT \(kindOfRevocation("revocation")) FROM revocation
            ) AS counted WHERE counted.kind = rowCount.kind);
        """
        + counting("connection", changedBy: "status, refreshTrouble", kindOfConnection)
        + counting("revocation", changedBy: "afterConnection", kindOfRevocation)
            + """
            CREATE INDEX revocationByAge ON revocation (createdAt) WHERE afterConnection IS NULL;
            -- They only served to count.
            DROP INDEX connectionByStatus;
            DROP INDEX connectionInTrouble;
            """

    private static func kindOfConnection(_ row: String) -> String {
        """
        CASE WHEN \(row).status <> 'active' THEN 'reauthorizationRequiredConnection'
            WHEN \(row).refreshTrouble IS NULL THEN 'activeConnection'
            WHEN json_extract(\(row).refreshTrouble, '$.isLasting') THEN 'refreshFailingConnection'
            ELSE 'connectionInTrouble' END
        """
    }

    private static func kindOfRevocation(_ row: String) -> String {
        """
        CASE WHEN \(row).afterConnection IS NULL THEN 'waitingRevocation'
            ELSE 'heldBackRevocation' END
        """
    }

    /// Returns the triggers of a table.
    ///
    /// - Parameters:
    ///   - columns: The columns that determine a row's kind.
    ///   - kind: Makes the expression for the kind of a row.
    private static func counting(
        _ table: String, changedBy columns: String, _ kind: (_ row: String) -> String
    ) -> String {
        let added = "UPDATE rowCount SET count = count + 1 WHERE kind = \(kind("NEW"));"
        let removed = "UPDATE rowCount SET count = count - 1 WHERE kind = \(kind("OLD"));"
        return """

            CREATE TRIGGER \(table)CountInsert AFTER INSERT ON \(table) BEGIN
                \(added)
            END;
            CREATE TRIGGER \(table)CountDelete AFTER DELETE ON \(table) BEGIN
                \(removed)
            END;
            CREATE TRIGGER \(table)CountUpdate AFTER UPDATE OF \(columns) ON \(table)
            WHEN \(kind("OLD")) <> \(kind("NEW")) BEGIN
                \(removed)
                \(added)
            END;

            """
    }
}
