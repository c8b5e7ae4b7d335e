import Storage

/// The tables, as an append-only list of steps.
///
/// Times are seconds since 1970. Secrets are sealed (``Vault``); values that only have to be
/// recognized are hashes.
package enum Schema {
    package static let migrations = [
        Migration(
            """
            CREATE TABLE integration (
                id TEXT NOT NULL PRIMARY KEY,
                slug TEXT NOT NULL UNIQUE,
                mode TEXT NOT NULL CHECK (mode IN ('per-user', 'shared')),
                definition TEXT NOT NULL,
                clientSecret BLOB,
                revision INTEGER NOT NULL,
                createdAt INTEGER NOT NULL,
                updatedAt INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            -- One known text sealed with each key in use: a wrong key ring is noticed at the start.
            CREATE TABLE sealingKey (
                id TEXT NOT NULL PRIMARY KEY,
                proof BLOB NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE connection (
                id TEXT NOT NULL PRIMARY KEY,
                integrationId TEXT NOT NULL REFERENCES integration (id),
                -- The user whose connection it is; '' for the integration's shared one.
                holder TEXT NOT NULL,
                ownerId TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('active', 'reauthorization_required')),
                statusReason TEXT,
                statusSince INTEGER NOT NULL,
                credential BLOB NOT NULL,
                scope TEXT,
                tokenExpiresAt INTEGER,
                refreshTokenExpiresAt INTEGER,
                data TEXT NOT NULL,
                -- Only grows: with each token that is stored.
                generation INTEGER NOT NULL,
                lastAuthorizedAt INTEGER NOT NULL,
                createdAt INTEGER NOT NULL,
                updatedAt INTEGER NOT NULL,
                UNIQUE (integrationId, holder)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX connectionByHolder ON connection (holder, createdAt, id);

            CREATE TABLE session (
                idHash BLOB NOT NULL PRIMARY KEY,
                userId TEXT NOT NULL,
                isSuperuser INTEGER NOT NULL,
                lastUsedAt INTEGER NOT NULL,
                expiresAt INTEGER NOT NULL,
                createdAt INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX sessionByExpiry ON session (expiresAt);
            CREATE INDEX sessionByUse ON session (lastUsedAt);

            CREATE TABLE sessionTicket (
                ticketHash BLOB NOT NULL PRIMARY KEY,
                -- The session's id, sealed under the ticket itself.
                sealedSession BLOB NOT NULL,
                userId TEXT NOT NULL,
                returnTo TEXT,
                expiresAt INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX sessionTicketByExpiry ON sessionTicket (expiresAt);

            CREATE TABLE apiKey (
                keyHash BLOB NOT NULL PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                userId TEXT NOT NULL,
                isSuperuser INTEGER NOT NULL,
                expiresAt INTEGER,
                createdAt INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE pendingAuthorization (
                stateHash BLOB NOT NULL PRIMARY KEY,
                browserHash BLOB NOT NULL,
                sessionHash BLOB,
                userId TEXT NOT NULL,
                isSuperuser INTEGER NOT NULL,
                integrationId TEXT NOT NULL REFERENCES integration (id) ON DELETE CASCADE,
                codeVerifier BLOB NOT NULL,
                redirectUri TEXT NOT NULL,
                returnTo TEXT,
                isPopup INTEGER NOT NULL,
                expiresAt INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX pendingAuthorizationByExpiry ON pendingAuthorization (expiresAt);
            CREATE INDEX pendingAuthorizationBySession ON pendingAuthorization (sessionHash);
            CREATE INDEX pendingAuthorizationByIntegration ON pendingAuthorization (integrationId);

            CREATE TABLE revocation (
                id TEXT NOT NULL PRIMARY KEY,
                integrationId TEXT NOT NULL,
                -- Where and as whom to revoke, as it was when the connection went.
                endpoint TEXT NOT NULL,
                clientSecret BLOB,
                credential BLOB NOT NULL,
                attempts INTEGER NOT NULL,
                nextAttemptAt INTEGER NOT NULL,
                lastError TEXT,
                expiresAt INTEGER NOT NULL,
                createdAt INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX revocationByDue ON revocation (nextAttemptAt);
            """),
        Migration(
            """
            -- Rights that one process has at a time; the deadline is in milliseconds of uptime.
            CREATE TABLE lease (
                name TEXT NOT NULL PRIMARY KEY,
                generation INTEGER NOT NULL,
                holder TEXT NOT NULL,
                deadline INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            -- When the tokens were issued, when a call last used them (give or take a minute), and
            -- when they are to be renewed although nobody asks, so as not to die of age.
            ALTER TABLE connection ADD COLUMN refreshedAt INTEGER;
            ALTER TABLE connection ADD COLUMN lastUsedAt INTEGER;
            ALTER TABLE connection ADD COLUMN keepAliveAt INTEGER;
            UPDATE connection SET refreshedAt = updatedAt, keepAliveAt = updatedAt + 604800;
            CREATE INDEX connectionByKeepAlive ON connection (keepAliveAt)
                WHERE status = 'active';
            CREATE INDEX connectionByTokenExpiry ON connection (tokenExpiresAt)
                WHERE status = 'active';
            CREATE INDEX connectionByStatus ON connection (status);

            -- Whose grant it was, and the connection that has to end first: many providers end all
            -- grants of a user, the new one too, when one of their tokens is revoked.
            ALTER TABLE revocation ADD COLUMN holder TEXT;
            ALTER TABLE revocation ADD COLUMN afterConnection TEXT;
            CREATE INDEX revocationByConnection ON revocation (afterConnection)
                WHERE afterConnection IS NOT NULL;
            """),
        Migration(
            """
            -- The processes that serve, and the keys that each of them has.
            CREATE TABLE process (
                id TEXT NOT NULL PRIMARY KEY,
                pid INTEGER NOT NULL,
                keyIds TEXT NOT NULL,
                sealingKeyId TEXT NOT NULL,
                startedAt INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            -- Drawn once; a backup has its database's.
            CREATE TABLE lineage (
                id TEXT NOT NULL PRIMARY KEY
            ) STRICT, WITHOUT ROWID;
            INSERT INTO lineage (id) VALUES (lower(hex(randomblob(16))));
            \(refusingRetiredKeys)
            """),
        // The data that a user gives for the connection to keep.
        Migration(
            """
            ALTER TABLE pendingAuthorization ADD COLUMN data TEXT NOT NULL DEFAULT '{}'
            """),
        // The fields that an operator set for an integration, so that it can be made again from
        // them, and when its provider's metadata is to be read again.
        Migration(
            """
            ALTER TABLE integration ADD COLUMN given TEXT;
            ALTER TABLE integration ADD COLUMN metadataDueAt INTEGER;
            """),
        // The rows of one user, counted with each one that is added.
        Migration(
            """
            CREATE INDEX pendingAuthorizationByUser ON pendingAuthorization (userId, expiresAt);
            CREATE INDEX sessionByUser ON session (userId, lastUsedAt);
            CREATE INDEX sessionTicketByUser ON sessionTicket (userId, expiresAt);
            CREATE INDEX revocationByHolder ON revocation (integrationId, holder);
            """),
        // The troubles of refreshing: a connection's since it last worked, refresh tokens that were
        // asked for in vain, and clients that providers refuse. And a browser's flows.
        Migration(
            """
            ALTER TABLE connection ADD COLUMN refreshTrouble TEXT;
            ALTER TABLE connection ADD COLUMN lacksRefreshToken INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX connectionInTrouble ON connection (status)
                WHERE refreshTrouble IS NOT NULL;
            CREATE INDEX pendingAuthorizationByBrowser ON pendingAuthorization (browserHash);

            CREATE TABLE clientRefusal (
                integrationId TEXT NOT NULL PRIMARY KEY
                    REFERENCES integration (id) ON DELETE CASCADE,
                -- Of the integration that was refused: what is changed since may be right.
                revision INTEGER NOT NULL,
                code TEXT NOT NULL,
                -- Whose refresh was refused last.
                connectionId TEXT,
                since INTEGER NOT NULL,
                lastAt INTEGER NOT NULL,
                refusals INTEGER NOT NULL,
                nextTryAt INTEGER NOT NULL,
                triedUntil INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            """),
        // The end of a state, so that a callback that comes again ends in the same way: with
        // that connection, or that failure; with neither as long as the first is under way.
        Migration(
            """
            CREATE TABLE usedState (
                stateHash BLOB NOT NULL PRIMARY KEY,
                browserHash BLOB NOT NULL,
                sessionHash BLOB,
                userId TEXT NOT NULL,
                isSuperuser INTEGER NOT NULL,
                integrationId TEXT NOT NULL REFERENCES integration (id) ON DELETE CASCADE,
                returnTo TEXT,
                isPopup INTEGER NOT NULL,
                hadCode INTEGER NOT NULL,
                usedAt INTEGER NOT NULL,
                connectionId TEXT,
                failure TEXT,
                expiresAt INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX usedStateByExpiry ON usedState (expiresAt);
            CREATE INDEX usedStateBySession ON usedState (sessionHash);
            CREATE INDEX usedStateByUser ON usedState (userId, expiresAt);
            CREATE INDEX usedStateByIntegration ON usedState (integrationId);
            """),
        Migration(countingRows),
    ]

    /// Triggers that refuse values sealed with a key that is not in use (any more): they could not
    /// be opened. The key's id stands behind its length (``Vault``); an erased value is empty.
    private static let refusingRetiredKeys: String = [
        ("integration", "clientSecret"), ("connection", "credential"),
        ("pendingAuthorization", "codeVerifier"), ("revocation", "clientSecret"),
        ("revocation", "credential"),
    ].map { table, column in
        refusingRetiredKeys("INSERT", table: table, column: column)
            + refusingRetiredKeys("UPDATE OF \(column)", table: table, column: column)
    }.joined()

    private static func refusingRetiredKeys(
        _ event: String, table: String, column: String
    ) -> String {
        """
        CREATE TRIGGER \(table)\(column)\(event.prefix(6)) BEFORE \(event) ON \(table)
        WHEN length(NEW.\(column)) > 0
            AND CAST(substr(NEW.\(column), 3, unicode(CAST(substr(NEW.\(column), 2, 1) AS TEXT)))
                AS TEXT) NOT IN (SELECT id FROM sealingKey)
        BEGIN
            SELECT RAISE(ABORT, 'sealed with a key that is not in use');
        END;

        """
    }
}
