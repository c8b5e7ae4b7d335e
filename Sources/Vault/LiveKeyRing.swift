import Locking

/// The key ring that a process uses, which may change while it runs.
///
/// A new version of the file does not seal before ``KeyRingWatch`` has adopted it; but a key in it
/// opens values at once.
package final class LiveKeyRing: Sendable {
    private let file: KeyRingFile?
    private let adopted: BargingLock<KeyRing>

    /// - Throws: ``KeyRingError``, which says what to change.
    package init(_ file: KeyRingFile) throws(KeyRingError) {
        self.file = file
        adopted = BargingLock(try file.read())
    }

    /// Makes a key ring that does not change.
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

    /// The file that it was read from; `nil` for a key ring that does not change.
    var source: KeyRingFile? { file }

    func adopt(_ keyRing: KeyRing) {
        adopted.withLock { $0 = keyRing }
    }
}
