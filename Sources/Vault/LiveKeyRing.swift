import Locking

/// The key ring that a process goes by, which may change while it runs.
///
/// A new version of the file is not sealed with before ``KeyRingWatch`` has adopted it; but a key
/// that opens something is found in it at once.
package final class LiveKeyRing: Sendable {
    private let file: KeyRingFile?
    private let adopted: BargingLock<KeyRing>

    /// - Throws: ``KeyRingError``, which says what to change.
    package init(_ file: KeyRingFile) throws(KeyRingError) {
        self.file = file
        adopted = BargingLock(try file.read())
    }

    /// A key ring that stays as it is.
    package init(_ keyRing: KeyRing) {
        file = nil
        adopted = BargingLock(keyRing)
    }

    package var keyRing: KeyRing { adopted.withLock { $0 } }

    func key(id: String) -> KeyRing.Key? {
        if let key = adopted.withLock({ $0.key(id: id) }) { return key }
        // Another process may seal with a newer key already.
        return (try? file?.read())?.key(id: id)
    }

    /// Where it came from; `nil` for one that stays as it is.
    var source: KeyRingFile? { file }

    func adopt(_ keyRing: KeyRing) {
        adopted.withLock { $0 = keyRing }
    }
}
