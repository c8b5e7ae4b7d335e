import GRDB

#if canImport(Glibc)
    import Glibc
#endif

/// A failure of the database. The message is for the log.
package struct StorageError: Error, CustomStringConvertible {
    package enum Kind: Sendable {
        /// Another process or thread held the write lock for longer than the timeout.
        case busy
        /// The disk is full.
        case full
        case readOnly
        case io
        /// The file is damaged, or not a database.
        case corrupt
        /// A uniqueness or other constraint of the tables.
        case constraint
        /// A newer version of the program wrote the file.
        case schemaTooNew
        case other
    }

    package let kind: Kind
    package let message: String

    package init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    /// Makes an error from the system's last one (errno), after an operation on a file.
    static func system(_ verb: String, path: String) -> StorageError {
        let code = errno
        let kind: Kind =
            switch code {
            case ENOSPC, EDQUOT: .full
            case EROFS, EACCES, EPERM: .readOnly
            default: .io
            }
        return StorageError(
            kind: kind, message: "cannot \(verb) \(path): \(String(cString: strerror(code)))")
    }

    package var description: String { message }

    static func translating<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }

    /// Leaves out the statement's arguments, which may be secrets.
    private init(_ error: DatabaseError) {
        let code = error.extendedResultCode
        kind =
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            case .SQLITE_FULL: .full
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: .readOnly
            case .SQLITE_IOERR: .io
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
            case .SQLITE_CONSTRAINT: .constraint
            default: .other
            }
        message =
            "SQLite \(code.rawValue): \(error.message ?? "no message")"
            + (error.sql.map { " in: \($0)" } ?? "")
    }
}
