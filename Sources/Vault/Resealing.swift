import Foundation
import Storage

/// Seals everything again with the key that seals now, while the service goes on.
///
/// Values are taken in batches, each a transaction of its own, and a value is replaced only if it
/// is still the one that was read. So it can be stopped at any time, and started again; a token
/// that is refreshed meanwhile is never overwritten by an older one, and no connection's generation
/// changes.
package struct Resealing {
    let database: Database
    package let columns: [SealedColumn]
    let vault: Vault
    let keyID: String
    /// The seconds between two transactions: others want to write too.
    private static let pause = 0.01
    /// The most passes: a process that goes on sealing with an old key must not keep this busy.
    private static let passes = 20

    /// Seals everything again.
    ///
    /// - Parameter progress: Called with the number of values after each batch.
    /// - Returns: The number of values that were sealed again, and the places of those that no key
    ///   opens.
    func run(progress: (Int) -> Void = { _ in }) throws -> (count: Int, broken: [SealedPlace]) {
        var count = 0
        var broken: [SealedPlace] = []
        for _ in 0..<Self.passes {
            let before = count
            broken = []
            var overtaken = 0
            for column in columns {
                try column.forEachBatch(except: keyID, in: database) { values in
                    let opened = values.map { ($0, try? vault.open($0.bytes, at: $0.place)) }
                    broken += opened.filter { $0.1 == nil }.map(\.0.place)
                    let done = try replace(
                        opened.compactMap { value, secret in
                            try secret.map { (value, try vault.seal($0, at: value.place)) }
                        }, in: column)
                    count += done
                    overtaken += opened.count { $0.1 != nil } - done
                    progress(count)
                }
            }
            // The next pass finds values that were written during this one.
            if count == before, overtaken == 0 { break }
        }
        return (count, broken)
    }

    private func replace(
        _ values: [(SealedValue, [UInt8])], in column: SealedColumn
    ) throws -> Int {
        if values.isEmpty { return 0 }
        defer { Thread.sleep(forTimeInterval: Self.pause) }
        return try database.write { transaction in
            try values.count { try column.replace($0.0, with: $0.1, transaction) }
        }
    }
}
